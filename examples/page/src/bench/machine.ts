import { count } from '../number.js';

/** Browser and machine in words, as far as a browser tells. */
export function machineOf({
  userAgent,
  hardwareConcurrency,
}: Pick<Navigator, 'userAgent' | 'hardwareConcurrency'>): string {
  const [, name, version] = /(Firefox|Edg|Chrome|Version)\/(\d+)/.exec(userAgent) ?? [];
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', Chrome: 'Chromium', Version: 'Safari' };
  const browser = name === undefined ? 'a browser' : `${names[name] ?? name} ${version}`;
  const [, system = 'an unknown system'] = /\(([^)]*)\)/.exec(userAgent) ?? [];
  return `${browser}, ${system.replaceAll(';', ',')}, ${count(hardwareConcurrency, 'core')}`;
}
