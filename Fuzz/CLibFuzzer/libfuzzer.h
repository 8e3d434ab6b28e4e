#include <stddef.h>
#include <stdint.h>

// Runs libFuzzer with the arguments of the command line. Source: llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a
// library".
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));
