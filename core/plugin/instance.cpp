#include "plugin/instance.hpp"

#include "plugin/config_view.hpp"

#include <sage/error.hpp>

namespace sage::plugin {
namespace {

constexpr std::uint64_t kHandleMax = 1u << 20;

thread_local const Instance* here = nullptr;

std::string name_of(const LoadedOperator& op) {
  const std::string name(text_or_empty(op.op->id));
  return op.plugin == nullptr ? name : op.plugin->id + "/" + name;
}

}  // namespace

Instance::Instance(InstanceSpec spec)
    : spec_(std::move(spec)), context_(spec_), table_(operator_table(spec_.op.op)) {
  context_.is_source = role() == Role::kSource;
}

class Instance::Marked {
 public:
  Marked(Instance& instance, const char* name) : calls_(instance.calls_) {
    instance.call_name_.store(name, std::memory_order_relaxed);
    calls_.add(1);
    here = &instance;
  }
  ~Marked() {
    here = nullptr;
    calls_.add(1);
  }
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;

 private:
  Counter& calls_;
};

Instance::~Instance() {
  close();
  if (created_ && table_.op.destroy != nullptr) {
    const Marked marked(*this, "destroy");
    run_void("destroy", [this] { table_.op.destroy(self_); });
  }
}

template <class Call>
sage_status Instance::run(const char* what, std::initializer_list<sage_status> also, Call&& call) {
  sage_status status = SAGE_OK;
  {
    const Marked marked(*this, what);
    status = guarded(context_.error, call);
  }
  if (!context_.misuse.empty()) [[unlikely]] {
    context_.error = "its plugin broke the rules: " + context_.misuse;
    context_.rejections.clear();
    return SAGE_E_FAIL;
  }
  if (status > 0) [[unlikely]] {
    for (const sage_status known : also) {
      if (status == known) {
        return status;
      }
    }
    context_.error =
        "answered " + std::to_string(status) + " to " + what + ", which is no answer to it";
    return SAGE_E_FAIL;
  }
  if (status < 0 && context_.error.empty()) [[unlikely]] {
    context_.error = std::string(what) + " ended with status " + std::to_string(status) + " (" +
                     std::string(status_name(status)) + ")";
  }
  return status;
}

template <class Call>
void Instance::run_void(const char* what, Call&& call) {
  std::string error;
  const sage_status status = guarded(error, [&] {
    call();
    return sage_status{SAGE_OK};
  });
  if (status != SAGE_OK) {
    context_.log(1, name_of(spec_.op) + ": " + what + ": " + error);
  }
}

const Instance* Instance::of_this_thread() { return here; }

Instance::UnderWay Instance::under_way() const {
  const std::uint64_t calls = calls_.get();
  return {calls % 2 == 1 ? calls : 0, call_name_.load(std::memory_order_relaxed)};
}

Error Instance::failed(const char* code, sage_status status) const {
  const ErrorKind kind = status == SAGE_E_IO       ? ErrorKind::kIo
                         : status == SAGE_E_CONFIG ? ErrorKind::kInvalid
                                                   : ErrorKind::kFailed;
  Error error{kind, code, name_of(spec_.op) + ": " + context_.error};
  error.stage = spec_.stage;
  error.instance = spec_.subtask;
  return error;
}

Result<std::unique_ptr<Instance>> Instance::create(InstanceSpec spec) {
  SAGE_ASSERT(spec.op.op != nullptr);
  std::unique_ptr<Instance> made(new Instance(std::move(spec)));
  const sage_config config = config_view(made->spec_.options);
  const OperatorTable& table = made->table_;
  made->context_.begin_call(nullptr, false);
  const sage_status status = made->run("create", {}, [&] {
    return table.op.create(table.theirs, made->context_.c(), &config, &made->self_);
  });
  if (status != SAGE_OK) {
    return made->failed("E0603", status);
  }
  made->created_ = true;
  return made;
}

Status Instance::open() {
  SAGE_ASSERT(created_ && !opened_);
  context_.begin_call(nullptr, false);
  if (table_.op.open != nullptr) {
    const sage_status status =
        run("open", {}, [this] { return table_.op.open(self_, context_.c()); });
    if (status != SAGE_OK) {
      return failed("E0604", status);
    }
  }
  opened_ = true;
  return Ok{};
}

void Instance::close() {
  if (!opened_) {
    return;
  }
  opened_ = false;
  if (table_.op.close != nullptr) {
    context_.error.clear();
    const Marked marked(*this, "close");
    run_void("close", [this] { table_.op.close(self_, context_.c()); });
    if (!context_.error.empty()) {
      context_.log(1, name_of(spec_.op) + ": close: " + context_.error);
    }
  }
}

sage_status Instance::process(const sage_batch* in, sage_out* out) {
  SAGE_ASSERT(table_.transform.process != nullptr);
  context_.begin_call(in, in == nullptr);
  const sage_status status = run("process", {SAGE_MORE, SAGE_FORWARD, SAGE_IN_PLACE}, [&] {
    return table_.transform.process(self_, context_.c(), in, out);
  });
  if (status == SAGE_IN_PLACE && (table_.op.traits & SAGE_TRAIT_IN_PLACE) == 0) [[unlikely]] {
    context_.error = "answered IN_PLACE without the trait of that name";
    return SAGE_E_FAIL;
  }
  return status;
}

sage_status Instance::on_watermark(std::int64_t ts, sage_out* out) {
  context_.begin_call(nullptr, false);
  if (table_.transform.on_watermark == nullptr) {
    return SAGE_OK;
  }
  return run("on_watermark", {SAGE_MORE},
             [&] { return table_.transform.on_watermark(self_, context_.c(), ts, out); });
}

sage_status Instance::select(const sage_batch* in, std::uint64_t* keep) {
  SAGE_ASSERT(table_.filter.select != nullptr);
  context_.begin_call(in, false);
  return run("select", {}, [&] { return table_.filter.select(self_, context_.c(), in, keep); });
}

sage_status Instance::route(const sage_batch* in, std::uint32_t targets, std::uint32_t* target) {
  SAGE_ASSERT(table_.partition.route != nullptr);
  context_.begin_call(in, false);
  return run("route", {},
             [&] { return table_.partition.route(self_, context_.c(), in, targets, target); });
}

sage_status Instance::poll(std::uint32_t max_records, sage_out* out) {
  SAGE_ASSERT(table_.source.poll != nullptr);
  context_.begin_call(nullptr, false);
  return run("poll", {SAGE_MORE, SAGE_IDLE, SAGE_END},
             [&] { return table_.source.poll(self_, context_.c(), max_records, out); });
}

sage_status Instance::write(const sage_batch* in) {
  SAGE_ASSERT(table_.sink.write != nullptr);
  context_.begin_call(in, false);
  return run("write", {}, [&] { return table_.sink.write(self_, context_.c(), in); });
}

sage_status Instance::finish(sage_out* out) {
  context_.begin_call(nullptr, false);
  if (table_.op.finish == nullptr) {
    return SAGE_OK;
  }
  return run("finish", {SAGE_MORE}, [&] { return table_.op.finish(self_, context_.c(), out); });
}

Status Instance::prepare() {
  SAGE_ASSERT(table_.sink.prepare != nullptr);
  context_.begin_call(nullptr, false);
  sage_bytes handle{nullptr, 0};
  const sage_status status =
      run("prepare", {}, [&] { return table_.sink.prepare(self_, context_.c(), &handle); });
  if (status != SAGE_OK) {
    return failed("E0605", status);
  }
  if (handle.len > kHandleMax) {
    context_.error = "the handle has " + std::to_string(handle.len) + " bytes, 1 MiB is the most";
    return failed("E0605", SAGE_E_FAIL);
  }
  handle_.assign(reinterpret_cast<const char*>(handle.ptr), handle.ptr == nullptr ? 0 : handle.len);
  return Ok{};
}

Status Instance::commit() {
  SAGE_ASSERT(table_.sink.commit != nullptr);
  context_.begin_call(nullptr, false);
  const sage_bytes handle{reinterpret_cast<const std::uint8_t*>(handle_.data()), handle_.size()};
  const sage_status status =
      run("commit", {}, [&] { return table_.sink.commit(self_, context_.c(), handle); });
  if (status != SAGE_OK) {
    return failed("E0607", status);
  }
  return Ok{};
}

void Instance::abort() {
  if (table_.sink.abort == nullptr) {
    return;
  }
  context_.begin_call(nullptr, false);
  const sage_status status =
      run("abort", {}, [this] { return table_.sink.abort(self_, context_.c()); });
  if (status != SAGE_OK) {
    context_.log(1, name_of(spec_.op) + ": " + context_.error);
  }
}

void Instance::interrupt() {
  context_.interrupt();
  if (created_ && table_.op.interrupt != nullptr) {
    run_void("interrupt", [this] { table_.op.interrupt(self_); });
  }
}

Role Instance::role() const {
  return table_.source.poll != nullptr       ? Role::kSource
         : table_.sink.write != nullptr      ? Role::kSink
         : table_.filter.select != nullptr   ? Role::kFilter
         : table_.partition.route != nullptr ? Role::kPartition
                                             : Role::kTransform;
}

}  // namespace sage::plugin
