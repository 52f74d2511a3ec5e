/* Random numbers: see draw.h. */
#include "draw.h"
#include "measure.h"

#include <stdlib.h>

uint64_t draw_bits(struct draw *d)
{
    uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t draw_below(struct draw *d, uint32_t n)
{
    return (uint32_t)(draw_bits(d) % n);
}

uint32_t draw_from(struct draw *d, uint32_t least, uint32_t most)
{
    return least + draw_below(d, most - least + 1);
}

double draw_share(struct draw *d)
{
    return (double)(draw_bits(d) >> 11) * 0x1p-53;
}

uint32_t draw_weighted(struct draw *d, const double *weights, uint32_t count)
{
    double x = draw_share(d);
    uint32_t i = 0;
    while (i + 1 < count && x >= weights[i]) x -= weights[i++];
    return i;
}

void zipf_init(struct zipf *z, uint32_t count)
{
    double sum = 0;
    z->count = count;
    z->harmonic = need(NULL, count * sizeof *z->harmonic);
    for (uint32_t k = 0; k < count; k++) z->harmonic[k] = sum += 1.0 / (k + 1);
}

void zipf_release(struct zipf *z)
{
    free(z->harmonic);
}

uint32_t zipf_draw(const struct zipf *z, struct draw *d)
{
    double x = draw_share(d) * z->harmonic[z->count - 1];
    uint32_t lo = 0, hi = z->count - 1;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (z->harmonic[mid] < x)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

double zipf_chance(const struct zipf *z, uint32_t place, uint32_t least, uint32_t most)
{
    double miss = 1 - 1 / (place + 1.0) / z->harmonic[z->count - 1], missed = 1, sum = 0;
    for (uint32_t k = 0; k <= most; k++, missed *= miss) sum += k >= least ? 1 - missed : 0;
    return sum / (most - least + 1);
}
