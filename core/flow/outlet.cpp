#include "flow/outlet.hpp"

#include "base/assert.hpp"

#include <utility>

namespace sage::flow {

Outlet::Outlet(std::unique_ptr<Partitioner> partitioner, std::vector<Channel> channels)
    : partitioner_(std::move(partitioner)),
      gather_(partitioner_->gather()),
      channels_(std::move(channels)),
      waiting_(channels_.size()) {
  send_ = [this](std::uint32_t index, BatchRef batch) { send(index, std::move(batch)); };
}

// The end needs none: there is one.
bool Outlet::admits(const Credit& credit, const Event& event) {
  if (const auto* batch = std::get_if<BatchRef>(&event))
    return credit.admits((*batch)->pinned_bytes());
  return std::holds_alternative<End>(event) || credit.admits(0);
}

bool Outlet::deliver(std::uint32_t channel, Event& event) {
  const Channel& to = channels_[channel];
  Credit& credit = to.inbox->credit(to.number);
  if (!admits(credit, event))
    return false;
  if (const auto* batch = std::get_if<BatchRef>(&event)) {
    credit.spend((*batch)->pinned_bytes());
    sent_ += (*batch)->count;
  } else if (!std::holds_alternative<End>(event)) {
    credit.spend(0);
  }
  if (to.peer != nullptr) {
    to.peer->post({to.inbox, to.number, std::move(event)});
  } else {
    to.inbox->push(to.number, std::move(event));
  }
  return true;
}

// Of several watermarks in a row the last one says all.
void Outlet::send(std::uint32_t channel, Event event) {
  std::deque<Event>& waiting = waiting_[channel];
  if (waiting.empty()) {
    if (deliver(channel, event))
      return;
    ++blocked_;
  } else if (std::holds_alternative<Watermark>(event) &&
             std::holds_alternative<Watermark>(waiting.back())) {
    waiting.back() = std::move(event);
    return;
  }
  waiting.push_back(std::move(event));
}

void Outlet::send_all(const Event& event) {
  for (std::uint32_t c = 0; c < channels_.size(); ++c)
    send(c, event);
}

// The later mark says all that the earlier one does.
void Outlet::send_marks() {
  if (mark_ || old_mark_)
    send_all(mark_ ? *mark_ : *old_mark_);
  mark_.reset();
  old_mark_.reset();
}

Status Outlet::push(Event event) {
  SAGE_ASSERT(blocked_ == 0);
  if (auto* batch = std::get_if<BatchRef>(&event)) {
    SAGE_ASSERT(!(*batch)->selects);  // that stays inside a chain
    return partitioner_->split(std::move(*batch), send_);
  }
  if (const auto* mark = std::get_if<Watermark>(&event); mark != nullptr && !mark->idle) {
    if (gather_ == nullptr || gather_->empty()) {
      send_all(*mark);
    } else {
      mark_ = *mark;
    }
    return Ok{};
  }
  close();
  send_all(event);
  return Ok{};
}

bool Outlet::flush() {
  for (std::uint32_t c = 0; c < channels_.size() && blocked_ > 0; ++c) {
    std::deque<Event>& waiting = waiting_[c];
    if (waiting.empty())
      continue;
    while (!waiting.empty() && deliver(c, waiting.front()))
      waiting.pop_front();
    blocked_ -= waiting.empty() ? 1 : 0;
  }
  return blocked_ == 0;
}

bool Outlet::wait_for_credit() {
  bool any = false;
  for (std::uint32_t c = 0; c < channels_.size() && blocked_ > 0; ++c) {
    if (waiting_[c].empty())
      continue;
    Credit& credit = channels_[c].inbox->credit(channels_[c].number);
    credit.wait();
    any = admits(credit, waiting_[c].front()) || any;
  }
  return any;
}

bool Outlet::close() {
  if (gather_ == nullptr || gather_->empty())
    return false;
  gather_->close(send_);
  send_marks();
  return true;
}

void Outlet::close_old() {
  if (gather_ == nullptr)
    return;
  gather_->close_old(send_);
  if (gather_->empty()) {
    send_marks();
    return;
  }
  if (old_mark_)
    send_all(*old_mark_);
  old_mark_ = std::exchange(mark_, std::nullopt);
}

}  // namespace sage::flow
