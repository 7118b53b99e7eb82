/**
 * Convolutions whose weight gradient is asked for, besides those of test/conv: sums over many pixels, and tiles of
 * every height and width.
 */
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
  // tiles of 4 x 4, whole and ragged, on every side of the thresholds of Winograd's row
  'n2ic8ih12iw16_oc8kh3kw3_ph1pw1',
  'n3ic9ih15iw13_oc15kh3kw3_ph1phe2pw0pwe1_flip',
  'n2ic11ih14iw9_oc6kh3kw3_ph2pw1_reflect',
  'ic16ih21iw19_oc32kh3kw3_ph1pw1_g2',
  'n2ic6id4ih10iw11_oc7kd2kh3kw3_sd2_pd1ph1pw1',
  'ic8id7ih9iw8_oc16kd2kh3kw3_dd3_pd1pde0',
  'n30ic7ih6iw5_oc8kh3kw3_ph1pw1_circular',
  'n2ic9ih20iw17_oc50kh3kw3',
  // 1 x 1: parts of an image, several whole ones, the last of them alone
  'n2ic5ih40iw21_oc9',
  'n15ic4ih9iw7_oc6',
  // depthwise: more than one panel of eight channels, part of nine taps, band of pixels, and multipliers
  'n2ic11ih13iw10_oc11kh3kw3_ph1pw1_g11',
  'n2ic9ih31iw29_oc18kh3kw4_sh2sw1_ph1phe2pw3pwe0_g9_flip',
  'ic17ih9iw21_oc17kh5kw5_ph2pw2_g17_reflect',
  'ic3iw700_oc9kw7_sw2_dw3_pw4_g3',
  'n2ic6id5ih6iw7_oc6kd3kh2kw3_sd2_dd1dh2_pd1ph2pw1_g6_circular',
  'n2ic4ih3iw300_oc4kh1kw3_pw5pwe2_g4_replicate',
  // runs of rows that touch
  'n3ic9ih6iw5_oc12_sh2',
] as const;

/**
 * Too large for the reference: rows are held against the scalar row. Blocks beyond their least size, strips that are
 * copied, sums beyond the cache, bands of one image.
 */
export const largeCases = [
  'ic200ih14iw13_oc170kh3kw3_ph1pw1',
  'ic400ih9iw13_oc72kh3kw3_ph1pw1_nhwc',
  'n2ic300ih17iw18_oc260',
  'n3ic390ih12iw11_oc65kh1kw2_nhwc',
  'ic5ih120iw110_oc4kh3kw3_ph1pw1_g1',
  'ic40ih57iw30_oc48kh3kw3_ph1pw1_nhwc',
  'ic20ih61iw40_oc40kh5kw3_sh2_ph1phe3pw1_nhwc',
  'ic96ih160iw64_oc96kh3kw3_g96_ph1pw1_nhwc',
  'ic64ih70iw32_oc72kh1kw1_nhwc',
  'ic40ih57iw30_oc48kh3kw3_ph1pw1',
  'ic20ih61iw40_oc40kh5kw3_sh2_ph1phe3pw1',
  'ic96ih160iw64_oc96kh3kw3_g96_ph1pw1',
  'ic64ih70iw32_oc72kh1kw1',
] as const;
