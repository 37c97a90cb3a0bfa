// Sends all orders of a tenant to one instance, by a rule of our own: the big tenant has instance 0
// to itself, the others share the rest.
//
//   sage run ./libtenants.so --set file.with.path=orders/
#include <sage/sage.hpp>

struct Order {
  std::string tenant;
  std::int64_t cents = 0;
};
SAGE_RECORD(Order, tenant, cents);

class ByTenant : public sage::Partitioner<Order> {
 public:
  explicit ByTenant(std::string big) : big_(std::move(big)) {}
  std::uint32_t partition(const Order& order, std::uint32_t n) const override {
    if (order.tenant == big_ || n == 1) {
      return 0;
    }
    return 1 + static_cast<std::uint32_t>(sage::stable_hash(order.tenant) % (n - 1));
  }

 private:
  std::string big_;
};

SAGE_PIPELINE(env) {
  std::int64_t percent = 19;
  env.from_source<sage::io::FileSource<Order>>("orders/")
      .partition_custom(ByTenant("acme"), {.parallelism = 4})
      .map([percent](const Order& order) -> Order {
        return {order.tenant, order.cents + order.cents * percent / 100};
      })
      .sink(sage::io::FileSink<Order>("taxed/").option("if_exists", "replace"));
}
