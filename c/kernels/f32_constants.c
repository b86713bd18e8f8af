/* The constants of f32_math.h, in a file of their own so that the compiler loads them instead of building them. */
#include "f32_math.h"

const float wf_constants[WF_CONSTANTS] = {
    [WF_LOG2E] = 1.44269504f,
    [WF_LN2_HIGH] = -0.693359375f,
    [WF_LN2_LOW] = 2.12194440e-4f,
    [WF_EXP_5] = 0.008312524391f,
    [WF_EXP_4] = 0.04189011306f,
    [WF_EXP_3] = 0.1666711447f,
    [WF_EXP_2] = 0.4999923179f,
    [WF_ONE] = 1.0f,
    [WF_MAGIC] = 12582912.0f,
    [WF_LOWEST] = -88.0f,
    [WF_HIGHEST] = 89.0f,
    [WF_HALF] = 0.5f,
    [WF_NINE] = 9.0f,
    /* q(z) of wf_gelu, the highest power first */
    [WF_GELU_10] = -1.0497721501378354e-09f,
    4.5283469750595874e-08f,
    -8.421067498514273e-07f,
    8.819446506605035e-06f,
    -5.5913028548747416e-05f,
    0.00019516135603428453f,
    9.486067883689511e-06f,
    -0.004837400570253249f,
    0.036369587270558675f,
    0.3182999903795506f,
    0.7978855390801978f,
};

const int32_t wf_exponent_bias = 127 << 23;
