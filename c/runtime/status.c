/* Status codes in words. */
#include "../wasmformer.h"

const char *wf_status_message(uint32_t status) {
  switch ((wf_status)status) {
  case WF_OK:
    return "no error";
  case WF_ERROR_ARGUMENT:
    return "a value is outside its range";
  case WF_ERROR_SHAPE:
    return "sizes do not fit together";
  case WF_ERROR_UNSUPPORTED:
    return "this combination is not supported";
  case WF_ERROR_MEMORY:
    return "not enough memory";
  case WF_ERROR_STATE:
    return "a call out of order";
  case WF_ERROR_THREAD:
    return "a thread failed";
  }
  return "unknown status";
}
