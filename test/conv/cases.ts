/** Convolutions whose fields all differ from their neighbours': square cases hide swapped axes. */
export const convCases = [
  // smallest things
  'iw1',
  'ih1iw1',
  'id1ih1iw1',
  'n2ic3iw5_oc2kw3',
  'n3ic2iw11_oc5kw4_sw3_dw2_pw2pwe1_bias',
  'ic4iw9_oc6kw3_pw2_g2_reflect_relu',
  // two axes: strides, dilations, both ends of the padding
  'n2ic3ih9iw7_oc5kh3kw2_ph1pw0pwe2_bias',
  'ic5ih8iw6_oc9kh2kw3_sh2sw1_ph0phe1pw2pwe1',
  'n2ic2ih10iw13_oc3kh3kw4_sh1sw3_dh2dw1_ph3phe1pw2_relu6',
  'ic1ih6iw9_oc1kh5kw3_ph2pw1',
  'ic7ih1iw12_oc4kh1kw5_pw4pwe3_clamp_bias',
  'n3ic4ih5iw4_oc8kh5kw4',
  'ic2ih3iw2_oc3kh5kw4_ph2phe1pw1pwe2',
  'ic3ih11iw12_oc4kh2kw3_sh5sw4',
  // padding by words
  'n2ic3ih7iw10_oc4kh4kw3_sh2sw3_same_bias',
  'ic3ih7iw10_oc4kh4kw2_samelower',
  'ic2ih6iw5_oc3kh3kw2_dh1dw2_full',
  'ic2ih6iw5_oc3kh3kw2_valid',
  // padding by mode
  'n2ic3ih6iw7_oc4kh3kw5_ph2pw3pwe4_reflect',
  'ic4ih3iw4_oc5kh3kw3_ph4pw1_replicate',
  'n2ic2ih5iw4_oc3kh4kw3_ph5phe2pw1pwe4_circular_bias',
  // groups, depthwise, multipliers
  'n2ic6ih7iw5_oc4kh3kw2_ph1_g2_bias',
  'ic9ih6iw8_oc12kh2kw3_pw1_g3_flip',
  'n2ic5ih9iw6_oc5kh3kw3_ph1pw1_g5',
  'ic3ih7iw8_oc12kh3kw2_sh2_g3_bias_relu',
  'ic32ih5iw6_oc16kh3kw1_ph1_g4',
  'n2ic6ih9iw11_oc6kh3kw3_sh2sw2_ph1pw1_g6_bias_add',
  'ic10ih8iw13_oc10kh5kw5_ph2pw2_g10_relu',
  'n2ic4ih11iw12_oc4kh5kw5_sh2sw2_ph2phe1pw1pwe2_g4_flip',
  'ic7ih9iw10_oc14kh5kw3_ph1pw1_g7_reflect',
  'ic5ih6iw3_oc5kh3kw3_ph1pw1_g5',
  'ic6ih12iw11_oc6kh3kw3_dh2dw3_pw3_g6_circular_bias',
  'ic4ih7iw9_oc12kh2kw7_sh1sw3_pw3_g4_add',
  'n2ic9iw14_oc9kw5_pw2_g9',
  'ic5id4ih5iw6_oc5kd2kh3kw3_sd2_pd1ph1pw1_g5_replicate',
  // whole tiles and ragged ones: rows 6, 5, 4, 3, 2, 1 and columns 8, 7 ... 1
  'ic8ih7iw7_oc16kh3kw3_ph1pw1_bias',
  'ic6ih1iw23_oc31kh1kw3_pw1',
  'n2ic17ih5iw5_oc10kh1kw1_bias',
  'ic12ih14iw14_oc9kh3kw3_ph1pw1',
  // more than one block of pixels, of k inside a segment, of segments
  'ic3ih31iw29_oc4kh3kw3_ph1pw1_flip',
  'ic1100ih2iw3_oc9kh1kw1_bias',
  'ic150ih5iw4_oc7kh3kw3_ph1pw1_relu',
  'ic90ih6iw7_oc3kh2kw4_dw2_pw3_add',
  // 1 x 1
  'n2ic16ih6iw7_oc24_bias',
  'ic5ih9iw8_oc3_sh2sw3',
  'n2ic33ih5iw8_oc17_add_relu_bias',
  'n9ic3ih4iw5_oc2_g1',
  // three axes
  'n2ic3id4ih5iw6_oc4kd2kh3kw2_pd1ph0phe1pw2pwe1_bias',
  'ic2id5ih4iw7_oc3kd3kh2kw3_sd2sh1sw3_dd1dh2dw1_pd1ph1pw2',
  'n2ic4id3ih6iw5_oc6kd2kh2kw3_pd1phe2_g2_reflect',
  'ic2id4ih3iw5_oc3kd3kh2kw2_pd2ph1pwe1_circular_flip_add',
  'ic3id1ih8iw4_oc5kd1kh3kw3_pd0ph1pw1_replicate',
  // batch 0
  'n0ic3ih5iw4_oc2kh3kw3',
] as const;
