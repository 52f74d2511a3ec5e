/* Preloaded: the program as part of one that speaks its user's language. No locale is an error of the test. */
#include <locale.h>
#include <stdlib.h>

__attribute__((constructor)) static void set_locale(void)
{
    if (!setlocale(LC_ALL, "")) abort();
}
