extern "C" {
#include "toy.h"
}
template <class T>
struct Shared {
  static T value;
};
template <class T>
T Shared<T>::value = 1;
template struct Shared<int>;
