/**
 * Cases of several blocks of positions: whole rows, and parts of a row; of one image and so many that the weights are
 * packed.
 */
export const blocks = [
  'n2ic40ih17iw20_oc5kh3kw3_ph1pw1_bias_relu',
  'n2ic40ih17iw20_oc5kh3kw3_ph1pw1_flip_nhwc',
  'n3ic60iw70_oc3kw25_pw3pwe1_reflect_bias',
  'n3ic60iw69_oc9kw25_dw2_sw1_pw9_circular_nhwc',
  'n12ic20ih5iw60_oc3kh3kw5_ph1pw2_sw2_bias',
  'n12ic20ih5iw31_oc3kh3kw5_ph1pw2_replicate_nhwc_relu6',
  'n17ic31ih7iw5_oc10kh3kw2_sh2',
  'n17ic31ih7iw5_oc10kh3kw2_sh2_nhwc_bias',
] as const;
