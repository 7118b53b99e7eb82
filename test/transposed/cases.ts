/**
 * Transposed convolutions whose fields all differ from their neighbours': square cases hide swapped axes. `ic` are the
 * channels of x.
 */
export const transposedCases = [
  // smallest things
  'iw1',
  'ih1iw1_oc2kh3kw2',
  'id1ih1iw1_oc3kd2kh1kw3_sd2sh3sw1',
  // one axis: every relation of kernel, stride and dilation
  'n2ic3iw5_oc2kw3',
  'n2ic4iw6_oc5kw4_sw2_pw1_bias',
  'n3ic2iw7_oc9kw2_sw3_bias_relu', // a class without taps
  'ic3iw4_oc4kw1_sw4_opw3_bias', // three of them
  'ic5iw6_oc3kw5_sw2_dw3_pw2pwe4',
  'ic2iw5_oc8kw4_sw4_dw2_opw1', // stride and dilation share a factor: two classes hold all taps
  'ic3iw5_oc2kw3_sw6_dw4_pw3pwe1_opw5',
  'ic4iw3_oc5kw2_dw5_opw4_pwe1', // output padding beyond the taps
  'ic2iw9_oc3kw3_pw4pwe3', // padding beyond the reach of the kernel
  'ic3iw8_oc4kw2_sw3_pw5pwe7_bias',
  'ic2iw3_oc3kw1_dw3_opw2_bias',
  // two axes
  'n2ic3ih4iw5_oc6kh3kw2_sh2sw3_ph1pw0pwe1_oph1_bias',
  'n2ic5ih3iw4_oc9kh4kw3_sh1sw2_ph2phe1pw1_relu6_bias',
  'ic17ih5iw4_oc10kh3kw3_sh2sw2_ph1pw1_oph1opw1',
  'n2ic6ih5iw6_oc16kh2kw2_sh2sw2_bias_clamp', // blocks side by side
  'ic7ih6iw5_oc3kh3kw4_dh2dw1_ph3pw2_add',
  'n3ic8ih4iw3_oc11kh5kw4_sh2sw3_ph2phe1pw1pwe2_opw2_add_bias_relu',
  'ic9ih1iw1_oc5kh4kw3', // one position
  'ic4ih7iw3_oc3kh3kw3_sh3sw1_ph1pw1_flip_bias',
  'ic3ih3iw4_oc2kh4kw5_sh2sw2_dh1dw2_flip',
  'ic2ih3iw3_oc5kh2kw3_sh9sw8', // more classes than the residue row takes
  'ic12ih14iw13_oc9kh3kw3_ph1pw1',
  // padding by words
  'n2ic3ih4iw5_oc4kh4kw3_sh2sw3_same_bias',
  'ic3ih4iw5_oc4kh4kw2_sh3sw2_samelower',
  'ic2ih5iw6_oc3kh3kw2_dh1dw2_full',
  // groups, depthwise, multipliers
  'n2ic6ih4iw5_oc4kh3kw2_sh2_ph1_g2_bias',
  'ic9ih3iw4_oc12kh2kw3_sw2_pw1_g3_flip',
  'n2ic5ih4iw6_oc5kh3kw3_sh2sw2_ph1pw1_g5_bias',
  'ic12ih4iw3_oc3kh3kw2_sh2_g3',
  'ic3ih4iw3_oc12kh2kw3_sw2_g3_add_relu',
  'ic32ih3iw4_oc16kh3kw1_sh2_ph1_g4',
  'n2ic8ih4iw5_oc8kh2kw3_sh1sw2_ph1pw1_g2_bias',
  // more than one block of rows, of k inside a segment, of segments, of positions
  'ic3ih16iw15_oc4kh3kw3_sh2sw2_ph1pw1',
  'ic600ih2iw3_oc9kh1kw2_sw2_bias',
  'ic150ih3iw4_oc7kh5kw5_sh2sw2_ph1_relu',
  'n9ic3ih4iw5_oc2kh3kw3_sh2sw2',
  'ic1ih3iw4_oc500kh15kw16_sh9sw9',
  // three axes
  'n2ic3id2ih3iw4_oc4kd2kh3kw2_sd2sh1sw3_pd1phe1pw0pwe1_opw1_bias',
  'ic2id3ih2iw4_oc5kd3kh2kw4_sd1sh3sw2_dd2dh1dw3_pd1ph0pw2_flip',
  'n2ic4id2ih4iw3_oc6kd2kh2kw3_sd2sh2sw2_g2_add',
  'ic3id1ih4iw3_oc9kd1kh3kw3_sh2sw2_ph1pw1',
  // batch 0
  'n0ic3ih5iw4_oc2kh3kw3_sh2',
] as const;

/**
 * Direct convolutions whose input gradient is asked for, besides those of test/conv: strides against every padding mode
 * and extent.
 */
export const strideCases = [
  'n2ic3ih9iw8_oc4kh3kw3_sh2sw2_ph1pw1',
  'n2ic6ih8iw7_oc5kh1kw1_sh2sw3', // most cells hear from no position
  'ic5ih9iw10_oc3kh4kw3_sh2sw3_ph2phe1pw0pwe2_reflect',
  'ic4ih7iw9_oc6kh3kw5_sh3sw2_ph3pw1pwe4_replicate_flip',
  'n2ic3ih6iw5_oc2kh3kw2_sh2sw2_ph5phe2pw4_circular_g1',
  'n2ic6ih5iw6_oc4kh3kw3_sh2_ph2pw3_g2_reflect',
  'ic8ih7iw6_oc8kh3kw3_sh2sw2_ph1pw1_g8_replicate',
  'ic3ih10iw9_oc7kh3kw2_sh4sw5_dh2dw3', // cells behind the last window
  'n2ic2id4ih5iw6_oc3kd2kh3kw3_sd2sh2sw1_pd1ph2pw1_circular',
  'ic1iw9_oc1kw3_sw2_pw2_reflect',
] as const;
