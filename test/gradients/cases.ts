/** Convolutions whose weight gradient is asked for, besides those of test/conv: sums over many pixels, and tiles of every height and width. */
export const weightGradCases = [
  // more than one block of pixels, of images in a chunk, of chunks
  'n2ic3ih31iw29_oc9kh3kw3_ph1pw1',
  'n7ic4ih9iw8_oc10kh3kw2_sh2sw1_ph1',
  'n3ic5ih40iw21_oc3kh2kw3_pw2_flip',
  'n2ic7iw1300_oc11kw5_pw2',
  // rows 6, 5, 4, 3, 2, 1 of a tile, columns 8 to 1
  'ic13ih5iw6_oc17kh1kw1',
  'ic29ih4iw5_oc22kh2kw1_pw1',
  'ic1ih9iw7_oc14kh5kw4_ph2',
  'ic2ih8iw7_oc19kh3kw3_dh2dw2_ph2pw2',
  // few output channels: operands exchanged
  'n2ic20ih6iw7_oc1kh3kw3_ph1pw1',
  'n2ic17ih6iw9_oc3kh3kw3_sh2sw1_ph1pw1_flip',
  'ic24ih5iw6_oc4kh2kw3_g2',
  // wide pixels and many columns: strips are copied
  'n2ic200ih4iw5_oc65kh2kw3_pw1',
  'n2ic130ih5iw4_oc70kh1kw1_sw2_g1',
  // runs of rows that touch
  'n3ic9ih6iw5_oc12_sh2',
] as const;
