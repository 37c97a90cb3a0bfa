#define TOY_SUMMARY "a toy\033[2J"
#include "toy.h"
