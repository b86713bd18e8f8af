/* The float32 matrix product in tiles of 6 rows by 8 columns; see f32_gemm.h. */
#include "f32_gemm.h"

WF_F32_GEMM_TILE(wf_f32_gemm_6x8, 6, 6, 2)
WF_F32_GEMM_TILE(wf_f32_gemm_6x8_tail, 6, 4, 2)
