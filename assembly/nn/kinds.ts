// Kinds of activations. Gradients are made from y where that is enough (CLAMP to HARD_SIGMOID), else from x.

/** min(max(x, p), q); x > 0 ? x : p x; x > 0 ? q x : p q (e^x - 1). */
export const CLAMP: i32 = 0, LEAKY: i32 = 1, ELU: i32 = 2;
export const SIGMOID: i32 = 3, TANH: i32 = 4, HARD_SIGMOID: i32 = 5, HARD_SWISH: i32 = 6, SILU: i32 = 7;
export const MISH: i32 = 8, SOFTPLUS: i32 = 9, GELU: i32 = 10, GELU_TANH: i32 = 11;
