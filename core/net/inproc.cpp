#include "net/inproc.hpp"

#include "base/assert.hpp"

#include <atomic>
#include <bit>
#include <cerrno>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>

#include <zmq.hpp>

namespace sage::net {

namespace {

// One event on its way; small enough that ZeroMQ keeps it inside the message.
struct Note {
  enum class Kind : std::uint8_t { kBatch, kWatermark, kIdle, kBarrier, kEnd };
  flow::Inbox* inbox;
  std::uint32_t channel;
  Kind kind;
  std::uint64_t value;  // the batch, with a reference; the timestamp; the epoch
};
static_assert(sizeof(Note) == 24 && std::is_trivially_copyable_v<Note>);

Note pack(flow::Mail mail) {
  Note note{mail.inbox, mail.channel, Note::Kind::kEnd, 0};
  if (auto* batch = std::get_if<flow::BatchRef>(&mail.event)) {
    note.kind = Note::Kind::kBatch;
    note.value = std::bit_cast<std::uint64_t>(batch->release_to_carrier());
  } else if (const auto* mark = std::get_if<flow::Watermark>(&mail.event)) {
    note.kind = mark->idle ? Note::Kind::kIdle : Note::Kind::kWatermark;
    note.value = static_cast<std::uint64_t>(mark->ts);
  } else if (const auto* barrier = std::get_if<flow::Barrier>(&mail.event)) {
    note.kind = Note::Kind::kBarrier;
    note.value = barrier->epoch;
  }
  return note;
}

flow::Event unpack(const Note& note) {
  switch (note.kind) {
    case Note::Kind::kBatch:
      return flow::BatchRef::from_carrier(std::bit_cast<flow::Batch*>(note.value));
    case Note::Kind::kWatermark:
    case Note::Kind::kIdle:
      return flow::Watermark{static_cast<std::int64_t>(note.value), note.kind == Note::Kind::kIdle};
    case Note::Kind::kBarrier:
      return flow::Barrier{note.value};
    case Note::Kind::kEnd:
      break;
  }
  return flow::End{};
}

// A call that does not wait may still be interrupted.
template <class Call>
int again(Call call) {
  int result = call();
  while (result < 0 && zmq_errno() == EINTR)
    result = call();
  return result;
}

class Pair final : public flow::Mailbox {
 public:
  Pair(zmq::context_t& context, const std::string& address)
      : pull_(context, zmq::socket_type::pull), push_(context, zmq::socket_type::push) {
    pull_.set(zmq::sockopt::rcvhwm, 0);
    push_.set(zmq::sockopt::sndhwm, 0);
    push_.set(zmq::sockopt::linger, 0);
    pull_.bind(address);
    push_.connect(address);
  }
  // Batches under way in a job that was cancelled go back to their pool.
  ~Pair() override {
    while (take()) {
    }
  }

  // Counted in the order in which they are sent, so that the owner, who takes no more than are
  // counted, sees all that was written before.
  void put(flow::Mail mail) override {
    const Note note = pack(std::move(mail));
    const std::lock_guard lock(mutex_);
    const int sent =
        again([&] { return zmq_send(push_.handle(), &note, sizeof note, ZMQ_DONTWAIT); });
    SAGE_ASSERT(sent == sizeof note);
    waiting_.fetch_add(1, std::memory_order_seq_cst);
  }

  std::optional<flow::Mail> take() override {
    if (empty())
      return std::nullopt;
    Note note{};
    const int got =
        again([&] { return zmq_recv(pull_.handle(), &note, sizeof note, ZMQ_DONTWAIT); });
    SAGE_ASSERT(got == sizeof note);
    waiting_.fetch_sub(1, std::memory_order_relaxed);
    return flow::Mail{note.inbox, note.channel, unpack(note)};
  }

  bool empty() const override { return waiting_.load(std::memory_order_seq_cst) == 0; }

 private:
  zmq::socket_t pull_;  // of the owner
  std::mutex mutex_;
  zmq::socket_t push_;  // guarded by mutex_
  std::atomic<std::uint64_t> waiting_{0};
};

}  // namespace

struct Inproc::Context {
  zmq::context_t zmq{0};  // inproc needs no thread for input and output
  int made = 0;
};

namespace {

Error no_descriptors(const std::string& what, const zmq::error_t& error) {
  return Error{ErrorKind::kUnavailable, "E0613", what + ": " + error.what(),
               "give the process more descriptors (`ulimit -n`), or the stages that may block less "
               "parallelism"};
}

}  // namespace

Inproc::Inproc(std::unique_ptr<Context> context) : context_(std::move(context)) {}
Inproc::~Inproc() = default;

Result<std::unique_ptr<Inproc>> Inproc::make(std::uint32_t mailboxes) {
  try {
    auto context = std::make_unique<Context>();
    const auto sockets = static_cast<int>(2 * mailboxes + 1);
    if (sockets > context->zmq.get(zmq::ctxopt::max_sockets))
      context->zmq.set(zmq::ctxopt::max_sockets, sockets);
    return std::unique_ptr<Inproc>(new Inproc(std::move(context)));
  } catch (const zmq::error_t& error) {
    return no_descriptors("the executors cannot reach each other", error);
  }
}

Result<std::unique_ptr<flow::Mailbox>> Inproc::make_mailbox() {
  try {
    return std::unique_ptr<flow::Mailbox>(std::make_unique<Pair>(
        context_->zmq, "inproc://executor-" + std::to_string(context_->made++)));
  } catch (const zmq::error_t& error) {
    return no_descriptors("executor " + std::to_string(context_->made) + " gets no socket", error);
  }
}

}  // namespace sage::net
