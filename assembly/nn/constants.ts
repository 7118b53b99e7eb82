// Constants of loops, each in four lanes. A call gives them before the loop begins, and a register keeps them: one that
// stands in place is built anew by V8 at each use, which takes twice the time of the arithmetic.

function constant(i: i32): f32 {
  switch (i) {
    case 0: return 1;
    // log2(e)
    case 1: return 1.4426950408889634;
    // 1.5 * 2^23, which rounds what is added to it, and the bias of exponents
    case 2: return 12583039;
    // the least t of 2^t
    case 3: return -127;
    // the share of the normal distribution: where it ends, P and Q (see gelu.ts)
    case 4: return 5.5;
    case 5: return 0.39894214272499084;
    case 6: return 3.5920415073633194e-2;
    case 7: return 4.509045276790857e-3;
    case 8: return 1.7035201017279178e-4;
    case 9: return 3.2406876471213764e-6;
    case 10: return -2.208056493202548e-8;
    case 11: return 1.1175005365515744e-10;
    case 12: return 0.2567037045955658;
    case 13: return 2.9090438038110733e-2;
    case 14: return 1.8305296543985605e-3;
    case 15: return 6.231787119759247e-5;
    // ln(2) in two parts, of which the first has 10 bits
    case 16: return 0.693359375;
    case 17: return -2.12194440e-4;
    // the least x of e^x
    case 18: return -88.02969193111305;
    // 2^f for |f| <= 1/2 as (E + O) / (E - O): E = f^2 + E0, O = f (O0 + O1 f^2); 2e-9 of it
    case 19: return 20.82488250732422;
    case 20: return 7.2173542976379395;
    case 21: return 0.05760810896754265;
    // 2 atanh(w) / w for w from 0 to 1 / 3, by w^2: 1e-8
    case 22: return 2;
    case 23: return 0.6666631698608398;
    case 24: return 0.4002491235733032;
    case 25: return 0.27960583567619324;
    case 26: return 0.2817840576171875;
    // e^r for |r| <= ln(2) / 2 in the same way: 2e-9 of it
    case 27: return 10.005379676818848;
    case 28: return 5.002689838409424;
    default: return 0.08311093598604202;
  }
}

/** 1. */
@inline
export function unit(): f32 { return constant(0); }

/** A constant of one loop, by `unit`. */
@inline
export function fixed(c: f32, unit: f32): v128 { return f32x4.splat(c * unit); }

@inline
export function ONE(): v128 { return f32x4.splat(constant(0)); }
@inline
export function LOG2E(): v128 { return f32x4.splat(constant(1)); }
@inline
export function MAGIC(): v128 { return f32x4.splat(constant(2)); }
@inline
export function LEAST(): v128 { return f32x4.splat(constant(3)); }
@inline
export function END(): v128 { return f32x4.splat(constant(4)); }
@inline
export function A0(): v128 { return f32x4.splat(constant(5)); }
@inline
export function A1(): v128 { return f32x4.splat(constant(6)); }
@inline
export function A2(): v128 { return f32x4.splat(constant(7)); }
@inline
export function A3(): v128 { return f32x4.splat(constant(8)); }
@inline
export function A4(): v128 { return f32x4.splat(constant(9)); }
@inline
export function A5(): v128 { return f32x4.splat(constant(10)); }
@inline
export function A6(): v128 { return f32x4.splat(constant(11)); }
@inline
export function B1(): v128 { return f32x4.splat(constant(12)); }
@inline
export function B2(): v128 { return f32x4.splat(constant(13)); }
@inline
export function B3(): v128 { return f32x4.splat(constant(14)); }
@inline
export function B4(): v128 { return f32x4.splat(constant(15)); }
@inline
export function LN2_HIGH(): v128 { return f32x4.splat(constant(16)); }
@inline
export function LN2_LOW(): v128 { return f32x4.splat(constant(17)); }
@inline
export function LEAST_X(): v128 { return f32x4.splat(constant(18)); }
@inline
export function E0(): v128 { return f32x4.splat(constant(19)); }
@inline
export function O0(): v128 { return f32x4.splat(constant(20)); }
@inline
export function O1(): v128 { return f32x4.splat(constant(21)); }
@inline
export function F0(): v128 { return f32x4.splat(constant(27)); }
@inline
export function G0(): v128 { return f32x4.splat(constant(28)); }
@inline
export function G1(): v128 { return f32x4.splat(constant(29)); }
@inline
export function H0(): v128 { return f32x4.splat(constant(22)); }
@inline
export function H1(): v128 { return f32x4.splat(constant(23)); }
@inline
export function H2(): v128 { return f32x4.splat(constant(24)); }
@inline
export function H3(): v128 { return f32x4.splat(constant(25)); }
@inline
export function H4(): v128 { return f32x4.splat(constant(26)); }
