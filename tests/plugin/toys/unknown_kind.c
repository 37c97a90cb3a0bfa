#define TOY_KIND 77u
#include "toy.h"
