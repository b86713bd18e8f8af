/* The float32 matrix product in tiles of 4 rows by 8 columns; see f32_gemm.h. */
#include "f32_gemm.h"

WF_F32_GEMM_TILE(wf_f32_gemm_4x8, 4, 4, 2)
WF_F32_GEMM_TILE(wf_f32_gemm_4x8_tail, 4, 2, 2)
