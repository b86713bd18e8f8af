/* The float32 matrix product in tiles of 5 rows by 8 columns; see f32_gemm.h. */
#include "f32_gemm.h"

WF_F32_GEMM_TILE(wf_f32_gemm_5x8, 5, 5, 2)
WF_F32_GEMM_TILE(wf_f32_gemm_5x8_tail, 5, 2, 2)
