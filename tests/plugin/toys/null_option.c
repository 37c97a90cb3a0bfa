#define TOY_OPTIONS 3u
#include "toy.h"
