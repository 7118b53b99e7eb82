import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a command printed, and the code that it ended with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the main file of an example, given from the root of the project, in a folder. */
export const commandOf =
  (file: string, cwd: string) =>
  (...args: string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const main = fileURLToPath(new URL(`../../${file}`, import.meta.url));
      execFile(process.execPath, [main, ...args], { cwd }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
