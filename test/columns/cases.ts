/** Maps and windows whose fields all differ from their neighbours'; output channels do not count here. */
export const columnCases = [
  'iw1',
  'ih1iw1',
  'id1ih1iw1',
  // rows of whole vectors and every rest, at stride 1, 2 and beyond
  'n2ic3iw8_kw3',
  'ic2iw21_kw4_dw2',
  'ic1iw22_kw5_sw2_pw3pwe1',
  'ic2iw23_kw4_sw2_pw1pwe2',
  'ic3iw24_kw3_sw2_dw3_pw2pwe4',
  'n2ic2iw26_kw2_sw3_pw5',
  'ic3iw9_kw1_sw4',
  // two axes
  'n2ic3ih9iw7_kh3kw2_ph1pw0pwe2',
  'ic5ih8iw19_kh2kw3_sh3sw2_ph0phe1pw2pwe1',
  'n3ic4ih10iw13_kh3kw4_sh1sw2_dh2dw1_ph3phe1pw2',
  'ic1ih16iw33_kh5kw3_ph2pw1',
  'ic2ih3iw2_kh5kw4_ph2phe1pw1pwe2',
  'ic3ih11iw12_kh2kw3_sh5sw4',
  'ic4ih1iw12_kh1kw5_pw4pwe3',
  // windows that lie beside the map altogether
  'ic2ih2iw3_kh2kw1_sh2_ph4phe3pw5pwe6',
  'n2ic1iw2_kw2_sw2_dw3_pw6pwe5',
  // padding by words
  'n2ic3ih7iw10_kh4kw3_sh2sw3_same',
  'ic3ih7iw10_kh4kw2_samelower',
  'ic2ih6iw5_kh3kw2_dh1dw2_full',
  'ic2ih6iw5_kh3kw2_valid',
  // three axes
  'n2ic3id4ih5iw6_kd2kh3kw2_pd1ph0phe1pw2pwe1',
  'ic2id5ih4iw9_kd3kh2kw3_sd2sh1sw2_dd1dh2dw1_pd1ph1pw2',
  // more channels than a block of the turn, batch 0
  'ic70ih4iw3_kh2kw2',
  'n0ic3ih5iw4_kh3kw3',
] as const;
