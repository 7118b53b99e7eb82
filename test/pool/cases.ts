import type { Case } from '../support/cases.js';
import { layoutOf } from '../support/problems.js';

/** The options of a case that say nothing but its layout. */
export const layoutOnly = (given: Case) => ({ layout: layoutOf(given) });

export const layouts = (text: string): string[] => [text, `${text}_nhwc`];

/** Pools with a fixed window. */
export const windowCases = [
  // smallest things
  'iw1',
  'ih1iw1',
  'id1ih1iw1',
  'n0ic3ih4iw5_kh2kw3',
  // one axis: clipped at both ends, strides beyond the kernel, long lines, windows without a cell
  'n2ic3iw5_kw2_sw1',
  'n3ic2iw11_kw4_sw3_pw2pwe1',
  'ic5iw23_kw2_sw5_pw1',
  'ic4iw7_kw3_sw2_pw5pwe6',
  'n2ic1iw90_kw7_sw1_pw3',
  'ic7iw5000_kw3_sw2_pw1',
  'ic8iw2200_kw9_sw1_pw4',
  // windows that all hold the whole row
  'n2ic8iw3_kw6_sw2_pw3',
  'ic4ih5iw3_kh3kw7_sh2sw1_ph1pw4',
  // windows of more than sixteen cells: sweeps of seven, the last one whole or less, over whole and left-over vectors
  'n2ic20ih4iw5_kh4kw5',
  'ic36ih3iw7_kh3kw7',
  'ic4ih8iw9_kh6kw3_sh1sw1_pw1',
  'ic512iw7_kw7_sw1_pw1',
  // two axes
  'n2ic3ih9iw7_kh3kw2_sh2sw1_ph1pw0pwe1',
  'ic17ih8iw6_kh2kw3_sh2sw1_ph0phe1pw2pwe1',
  'n2ic4ih10iw13_kh3kw4_sh1sw3_ph3phe1pw2',
  'ic20ih7iw9_kh3kw3_sh2sw2_ph1pw1',
  'ic36ih6iw8_kh2kw2_sh2sw2',
  'n3ic5ih4iw6_kh3kw3_sh1sw1_ph1pw1',
  'ic2ih12iw5_kh5kw4_sh1sw1_ph2pw3',
  'ic8ih14iw11_kh7kw5_sh1sw2_ph3pw2',
  'n2ic6ih3iw2_kh5kw4_sh1sw1_ph2phe1pw1pwe2',
  'ic3ih11iw12_kh2kw3_sh5sw4',
  'ic4ih5iw6_kh3kw2_sh1sw3_ph7phe2pw1pwe8',
  'n2ic70ih5iw3_kh2kw2_sh1sw1_pw1',
  // padding by words
  'n2ic3ih7iw10_kh4kw3_sh2sw3_same',
  'ic4ih7iw10_kh4kw2_sh1sw1_samelower',
  'ic2ih6iw5_kh3kw2_sh1sw1_full',
  'ic2ih6iw5_kh3kw2_valid',
  // the last window rounded up
  'n2ic3ih8iw7_kh3kw2_sh2sw3_ph1pw0pwe1_ceil',
  'ic4ih5iw9_kh2kw4_sh3sw2_ph1pw2_ceil',
  'ic5ih4iw6_kh3kw3_sh3sw5_ph0pw2_ceil',
  // three axes
  'n2ic3id4ih5iw6_kd2kh3kw2_sd1sh2sw1_pd1ph1pw0',
  'ic4id6ih7iw5_kd3kh2kw3_sd2sh1sw2_pd1pde2ph0phe1pw1',
  'ic9id3ih4iw9_kd2kh2kw3_sd1sh1sw3_ceil',
  'ic8id9ih8iw7_kd5kh6kw4_sd1sh1sw1_pd2ph3pw1',
] as const;

/** Max pools whose windows have gaps. */
export const dilatedCases = [
  'n2ic3iw13_kw3_sw2_dw3_pw4pwe1',
  'n2ic4ih9iw11_kh3kw2_sh1sw2_dh2dw4_ph2pw3',
  'ic5ih8iw7_kh4kw3_sh3sw1_dh3dw2_ph5phe4pw3_ceil',
  'ic8ih13iw12_kh5kw6_sh1sw1_dh2dw2_ph4pw5',
  'ic3id5ih6iw7_kd2kh3kw2_sd2sh1sw1_dd3dh1dw2_pd1ph1pw2',
] as const;

/** Average pools with a divisor of their own, or the padding left out of it. */
export const divisorCases = [
  'n2ic3ih8iw7_kh3kw2_sh2sw3_ph1pw0pwe1_exclude_ceil',
  'ic4ih6iw9_kh4kw3_sh1sw2_ph3pw2_exclude',
  'ic5ih6iw9_kh4kw3_sh1sw2_ph3pw2_divisor7',
  'ic4iw7_kw3_sw2_pw5pwe6_exclude',
  'ic2id4ih5iw6_kd3kh2kw3_sd1sh2sw1_pd1ph1pw2_exclude',
] as const;

/** Pools to a given size: fewer outputs than cells, as many, more, and sizes that do not divide. */
export const adaptiveCases = [
  'iw1_ow1',
  'n2ic3iw11_ow4',
  'ic5iw4_ow9',
  'n2ic4ih9iw7_oh3ow5',
  'ic3ih6iw8_oh2ow4',
  'ic20ih7iw13_oh7ow1',
  'n2ic6ih40iw37_oh19ow36',
  'ic1ih5iw3_oh8ow7',
  'ic36ih14iw15_oh1ow1',
  'n2ic3id5ih6iw7_od2oh4ow3',
  'n0ic2ih3iw4_oh2ow2',
] as const;
