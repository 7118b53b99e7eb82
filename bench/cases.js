/** Lists of problems: [title, problem string]. */

/** The judged list. */
export const cases = /** @type {const} */ ([
  ['r50 stem 7x7/2 3-64@224', 'n1ic3ih224iw224_oc64kh7kw7_sh2sw2_ph3pw3'],
  ['r50 3x3 64@56', 'n1ic64ih56iw56_oc64kh3kw3_ph1pw1'],
  ['r50 3x3 128@28', 'n1ic128ih28iw28_oc128kh3kw3_ph1pw1'],
  ['r50 3x3 256@14', 'n1ic256ih14iw14_oc256kh3kw3_ph1pw1'],
  ['r50 3x3 512@7', 'n1ic512ih7iw7_oc512kh3kw3_ph1pw1'],
  ['r50 1x1 64-256@56', 'n1ic64ih56iw56_oc256kh1kw1'],
  ['r50 1x1 256-64@56', 'n1ic256ih56iw56_oc64kh1kw1'],
  ['r50 1x1 512-128@28', 'n1ic512ih28iw28_oc128kh1kw1'],
  ['r50 1x1 1024-256@14', 'n1ic1024ih14iw14_oc256kh1kw1'],
  ['r50 1x1 2048-512@7', 'n1ic2048ih7iw7_oc512kh1kw1'],
  ['r50 1x1/2 256-512@56', 'n1ic256ih56iw56_oc512kh1kw1_sh2sw2'],
  ['vgg 3x3 64@224', 'n1ic64ih224iw224_oc64kh3kw3_ph1pw1'],
  ['vgg 3x3 512@28', 'n1ic512ih28iw28_oc512kh3kw3_ph1pw1'],
  ['mbv2 pw 16-96@112', 'n1ic16ih112iw112_oc96kh1kw1'],
  ['mbv2 pw 96-24@56', 'n1ic96ih56iw56_oc24kh1kw1'],
  ['mbv2 pw 320-1280@7', 'n1ic320ih7iw7_oc1280kh1kw1'],
  ['mbv2 dw3x3/2 96@112', 'n1ic96ih112iw112_oc96kh3kw3_g96_sh2sw2_ph1pw1'],
  ['mbv2 dw3x3 144@56', 'n1ic144ih56iw56_oc144kh3kw3_g144_ph1pw1'],
  ['mbv2 dw3x3 960@7', 'n1ic960ih7iw7_oc960kh3kw3_g960_ph1pw1'],
  ['unet convT 2x2/2 128-64@56', 'convT_n1ic128ih56iw56_oc64kh2kw2_sh2sw2'],
  ['dcgan convT 4x4/2 512-256@8', 'convT_n1ic512ih8iw8_oc256kh4kw4_sh2sw2_ph1pw1'],
  ['dcgan convT 4x4/2 256-128@16', 'convT_n1ic256ih16iw16_oc128kh4kw4_sh2sw2_ph1pw1'],
  ['dilated 3x3 d2 256@28', 'n1ic256ih28iw28_oc256kh3kw3_dh2dw2_ph2pw2'],
  ['resnext 3x3 g32 128@56', 'n1ic128ih56iw56_oc128kh3kw3_g32_ph1pw1'],
  ['conv1d k9 64-64 L16000', 'n1ic64iw16000_oc64kw9_pw4'],
  ['conv3d 3x3x3 16-32 16x56x56', 'n1ic16id16ih56iw56_oc32kd3kh3kw3_pd1ph1pw1'],
  ['small 3x3 8-8@16', 'n1ic8ih16iw16_oc8kh3kw3_ph1pw1'],
  ['lenet 5x5 1-6@28', 'n1ic1ih28iw28_oc6kh5kw5_ph2pw2'],
  ['lenet 5x5 6-16@14', 'n1ic6ih14iw14_oc16kh5kw5'],
  ['maxpool 3x3/2 p1 64@112', 'maxpool_n1ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1'],
  ['avgpool 3x3 p1 64@56', 'avgpool_n1ic64ih56iw56_kh3kw3_sh1sw1_ph1pw1'],
  ['global avgpool 2048@7', 'gap_n1ic2048ih7iw7'],
  ['gemm 256^3', 'gemm_m256n256k256'],
  ['gemm 512^3', 'gemm_m512n512k512'],
  ['gemm 1024^3', 'gemm_m1024n1024k1024'],
  ['bwd-input 3x3 64@56 N8', 'gradX_n8ic64ih56iw56_oc64kh3kw3_ph1pw1'],
  ['bwd-input 3x3 128@28 N8', 'gradX_n8ic128ih28iw28_oc128kh3kw3_ph1pw1'],
  ['bwd-filter 3x3 64@56 N8', 'gradW_n8ic64ih56iw56_oc64kh3kw3_ph1pw1'],
  ['bwd-filter 3x3 128@28 N8', 'gradW_n8ic128ih28iw28_oc128kh3kw3_ph1pw1'],
  ['bwd-maxpool 3x3/2 p1 64@112 N8', 'gradMaxpool_n8ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1'],
  ['identity 64@112 (call + copies)', 'identity_n1ic64ih112iw112'],
  ['identity 8@1 (call overhead)', 'identity_n1ic8ih1iw1'],
]);

/** What the judged list leaves out: other depthwise kernels, few channels, argmax. */
export const furtherCases = /** @type {const} */ ([
  ['r50 1x1 512-2048@7', 'n1ic512ih7iw7_oc2048kh1kw1'],
  ['dw5x5 240@28', 'n1ic240ih28iw28_oc240kh5kw5_g240_ph2pw2'],
  ['dw7x7 96@56', 'n1ic96ih56iw56_oc96kh7kw7_g96_ph3pw3'],
  ['few out 3x3 64-3@112', 'n1ic64ih112iw112_oc3kh3kw3_ph1pw1'],
  ['few out 3x3 64-1@112', 'n1ic64ih112iw112_oc1kh3kw3_ph1pw1'],
  ['few in 9x9 1-64@128', 'n1ic1ih128iw128_oc64kh9kw9_ph4pw4'],
  ['argmax 3x3/2 p1 64@112', 'argmax_n1ic64ih112iw112_kh3kw3_sh2sw2_ph1pw1'],
]);

/** Layers so small that the call itself counts. */
export const smallCases = /** @type {const} */ ([
  ['3x3 8-8@16', 'n1ic8ih16iw16_oc8kh3kw3_ph1pw1'],
  ['3x3 32-32@14', 'n1ic32ih14iw14_oc32kh3kw3_ph1pw1'],
  ['3x3/2 16-24@15', 'n1ic16ih15iw15_oc24kh3kw3_sh2sw2_ph1pw1'],
  ['1x1 16-24@8', 'n1ic16ih8iw8_oc24kh1kw1'],
  ['5x5 1-6@28', 'n1ic1ih28iw28_oc6kh5kw5_ph2pw2'],
  ['dw3x3 24@14', 'n1ic24ih14iw14_oc24kh3kw3_g24_ph1pw1'],
  ['conv1d k5 8-12 L100', 'n1ic8iw100_oc12kw5_pw2'],
  ['convT 4x4/2 16-8@8', 'convT_n1ic16ih8iw8_oc8kh4kw4_sh2sw2_ph1pw1'],
  ['bwd-input 3x3 8-12@16', 'gradX_n1ic8ih16iw16_oc12kh3kw3_ph1pw1'],
  ['bwd-filter 3x3 8-12@16', 'gradW_n1ic8ih16iw16_oc12kh3kw3_ph1pw1'],
  ['maxpool 2x2/2 16@16', 'maxpool_n1ic16ih16iw16_kh2kw2_sh2sw2'],
  ['avgpool 3x3/2 16@15', 'avgpool_n1ic16ih15iw15_kh3kw3_sh2sw2_ph1pw1'],
  ['global avgpool 64@7', 'gap_n1ic64ih7iw7'],
  ['gemm 16^3', 'gemm_m16n16k16'],
  ['gemm 64^3', 'gemm_m64n64k64'],
]);

/** One row or a few against a large matrix: what it takes to read that. */
export const thinCases = [
  ...[1, 2, 3, 4, 6, 8].map(
    (m) => /** @type {const} */ ([`product ${m} x 2048 by 2048 x 1000`, `gemm_m${m}n1000k2048`]),
  ),
  ...[1, 2, 4, 8].map((m) => /** @type {const} */ ([`linear ${m} x 2048 to 1000`, `linear_m${m}n1000k2048`])),
  .../** @type {const} */ ([
    ['linear 1 x 1280 to 1000', 'linear_n1000k1280'],
    ['linear 1 x 512 to 512', 'linear_n512k512'],
    ['linear 1 x 4096 to 4096', 'linear_n4096k4096'],
    ['product 1 x 1280 by 1280 x 1001', 'gemm_n1001k1280'],
    ['product 1 x 512 by 512 x 512', 'gemm_n512k512'],
    ['product 1 x 4096 by 4096 x 4096', 'gemm_n4096k4096'],
  ]),
];

/** Maps of up to 16 pixels, whose cost is the call. */
export const tinyCases = /** @type {const} */ ([
  ['dw3x3 128@3', 'n1ic128ih3iw3_oc128kh3kw3_g128_ph1pw1'],
  ['dw3x3/2 128@6', 'n1ic128ih6iw6_oc128kh3kw3_g128_sh2sw2_ph1pw1'],
  ['dw3x3 64@2', 'n1ic64ih2iw2_oc64kh3kw3_g64_ph1pw1'],
  ['dw3x3 32@3', 'n1ic32ih3iw3_oc32kh3kw3_g32_ph1pw1'],
  ['dw3x3 64@4', 'n1ic64ih4iw4_oc64kh3kw3_g64_ph1pw1'],
  ['2x2 128-15@2', 'n1ic128ih2iw2_oc15kh2kw2'],
  ['1x1 32-32@3', 'n1ic32ih3iw3_oc32kh1kw1'],
  ['1x1 128-128@1', 'n1ic128ih1iw1_oc128kh1kw1'],
  ['3x3/3 32-1@3', 'n1ic32ih3iw3_oc1kh3kw3_sh3sw3'],
  ['3x3 16-16@4', 'n1ic16ih4iw4_oc16kh3kw3_ph1pw1'],
  ['3x3/2 16-16@4', 'n1ic16ih4iw4_oc16kh3kw3_sh2sw2_ph1pw1'],
  ['convT 2x2/2 32-16@2', 'convT_n1ic32ih2iw2_oc16kh2kw2_sh2sw2'],
  ['maxpool 2x2/2 32@4', 'maxpool_n1ic32ih4iw4_kh2kw2_sh2sw2'],
  ['avgpool 3x3 32@3', 'avgpool_n1ic32ih3iw3_kh3kw3_sh1sw1_ph1pw1'],
  ['global avgpool 128@3', 'gap_n1ic128ih3iw3'],
  ['gemm 4x16x16', 'gemm_m4n16k16'],
  ['linear 64-10', 'linear_n10k64'],
]);

/**
 * From small to large at one shape of kernel, to see that no size is slower than its neighbours: up to 4 GFLOP each.
 */
export const sizes = [1, 3].flatMap((kernel) =>
  [8, 16, 32, 64, 128, 256, 512, 1024].flatMap((channels) =>
    [8, 14, 28, 56, 112, 224]
      .filter((size) => 2 * (kernel * channels * size) ** 2 <= 4e9)
      .map((size) => {
        const padding = kernel === 1 ? '' : '_ph1pw1';
        const problem = `n1ic${channels}ih${size}iw${size}_oc${channels}kh${kernel}kw${kernel}${padding}`;
        return /** @type {const} */ ([`${kernel}x${kernel} ${channels}@${size}`, problem]);
      }),
  ),
);

/** What grows, and problems of growing size: [size, problem string]. */
export const scaling = [
  { name: 'gemm n × n × n', points: [16, 32, 64, 128, 256, 512, 1024].map((n) => [n, `gemm_m${n}n${n}k${n}`]) },
  {
    name: '3×3, 64 channels, n × n pixels',
    points: [7, 14, 28, 56, 112, 224].map((n) => [n, `n1ic64ih${n}iw${n}_oc64kh3kw3_ph1pw1`]),
  },
  {
    name: '1×1, n channels, 28 × 28 pixels',
    points: [8, 16, 32, 64, 128, 256, 512].map((n) => [n, `n1ic${n}ih28iw28_oc${n}kh1kw1`]),
  },
].map(({ name, points }) => ({ name, points: /** @type {[number, string][]} */ (points) }));

/** The problems of `scaling` as a list: the title is the size after the name. */
export const scalingCases = scaling.flatMap(({ name, points }) =>
  points.map(([n, problem]) => /** @type {const} */ ([`${name}: ${n}`, problem])),
);
