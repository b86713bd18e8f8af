/* The float32 matrix product in tiles of 6 rows by 16 columns, for engines that pair vectors: twelve pairs are as many
 * accumulators as there is room for. Without pairs they spill. See f32_gemm.h. */
#include "f32_gemm.h"

WF_F32_GEMM_TILE(wf_f32_gemm_6x16, 6, 6, 4)
WF_F32_GEMM_TILE(wf_f32_gemm_6x16_tail, 6, 4, 4)
