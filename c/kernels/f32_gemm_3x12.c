/* The float32 matrix product in tiles of 3 rows by 12 columns; see f32_gemm.h. */
#include "f32_gemm.h"

WF_F32_GEMM_TILE(wf_f32_gemm_3x12, 3, 3, 3)
