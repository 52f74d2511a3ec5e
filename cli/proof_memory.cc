/* What becomes of the program where the solver finds no memory: see proof_memory.h. */
#include "proof_memory.h"

#include <new>

#include <unistd.h>

[[noreturn]] static void out_of_memory()
{
    static const char text[] = "shunt: out of memory\n";
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0) _exit(2);
    _exit(2);
}

void proof_memory_begin(void)
{
    std::set_new_handler(out_of_memory);
}

void proof_memory_end(void)
{
    std::set_new_handler(nullptr);
}
