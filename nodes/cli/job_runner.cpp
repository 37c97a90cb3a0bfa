#include "job_runner.hpp"

#include "base/cpus.hpp"
#include "crash_notes.hpp"
#include "exit_code.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "spec/render.hpp"

#include <sage/ext/log.h>

#include <algorithm>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace sage::cli {
namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kFirstLineNs = 400 * kMillisecond;  // a short job shows none
constexpr std::int64_t kNextLineNs = 200 * kMillisecond;
constexpr std::int64_t kLookNs = 100 * kMillisecond;  // for operators that do not come back
// timeout(1) and others signal a process and then its group: that is one request.
constexpr std::int64_t kSameRequestNs = 100 * kMillisecond;
constexpr std::int64_t kNever = INT64_MAX;

std::string_view level_name(std::uint32_t level) {
  switch (level) {
    case SAGE_LOG_ERROR:
      return "error";
    case SAGE_LOG_WARNING:
      return "warning";
    case SAGE_LOG_INFO:
      return "info";
    default:
      return "debug";
  }
}

std::uint32_t log_level(const App& app) {
  const int level = app.wants_warnings() ? SAGE_LOG_WARNING + app.verbosity() : SAGE_LOG_ERROR;
  return static_cast<std::uint32_t>(std::min<int>(level, SAGE_LOG_DEBUG));
}

plugin::LogSink log_to(Terminal& terminal) {
  return [&terminal](std::uint32_t level, std::string_view stage, std::uint32_t subtask,
                     std::string_view message) {
    terminal.say(std::string(level_name(level)) + ": " + std::string(stage) + "/" +
                 std::to_string(subtask) + ": " + spec::visible(message) + "\n");
  };
}

// A live line would be torn by rows that go to the same terminal.
bool shows_progress(const App& app, const plan::Plan& plan) {
  if (!app.wants_summary() || !Terminal::can_live())
    return false;
  const bool console = std::any_of(plan.stages.begin(), plan.stages.end(), [](const auto& stage) {
    return stage.op.use.plugin == "io" && stage.op.use.op == "console";
  });
  return !console || ::isatty(STDOUT_FILENO) == 0;
}

// The job on its thread; `done` becomes readable when it has ended.
class RunningJob {
 public:
  // `done`: an eventfd, which is closed with it.
  RunningJob(runtime::Job& job, int done) : job_(job), done_(done), thread_([this] { run(); }) {}
  ~RunningJob() {
    thread_.join();
    ::close(done_);
  }
  RunningJob(const RunningJob&) = delete;
  RunningJob& operator=(const RunningJob&) = delete;

  int done_fd() const { return done_; }
  Status join() {
    std::uint64_t n = 0;
    while (::read(done_, &n, sizeof n) < 0 && errno == EINTR) {
    }
    return std::move(status_);
  }

 private:
  void run() {
    status_ = job_.run();
    const std::uint64_t one = 1;
    while (::write(done_, &one, sizeof one) < 0 && errno == EINTR) {
    }
  }

  runtime::Job& job_;
  Status status_ = Ok{};
  int done_;
  std::jthread thread_;
};

// What the main thread does while the job runs.
class Watch {
 public:
  Watch(App& app, const RunRequest& request, runtime::Job& job, const Signals& signals)
      : app_(app),
        clock_(*request.options.clock),
        job_(job),
        signals_(signals),
        progress_(*request.loaded.plan) {
    const std::int64_t now = clock_.now_ns();
    end_at_ = request.for_ns ? now + std::min(*request.for_ns, kNever - now) : kNever;
    look_at_ = now + kLookNs;
    line_at_ = shows_progress(app, *request.loaded.plan) ? now + kFirstLineNs : kNever;
  }

  // Nothing: the job has ended. A Status: it cannot be waited for, and ended so.
  std::optional<Status> wait(int done_fd) {
    pollfd fds[] = {{done_fd, POLLIN, 0}, {signals_.fd(), POLLIN, 0}};
    std::optional<Status> hangs;
    while (!hangs) {
      const int ready = ::poll(fds, 2, timeout_ms());
      if (ready > 0 && fds[0].revents != 0)
        break;
      if (ready > 0 && fds[1].revents != 0)
        take_signals();
      hangs = on_time();
    }
    return hangs;
  }
  int first_signal() const { return first_; }  // 0: none

 private:
  int timeout_ms() const {
    const std::int64_t next = std::min({end_at_, line_at_, look_at_});
    const std::int64_t ns = std::max<std::int64_t>(next - clock_.now_ns(), 0);
    return static_cast<int>(std::min<std::int64_t>(ns / kMillisecond + 1, 60'000));
  }

  void take_signals() {
    while (const int signal = signals_.next()) {
      const std::int64_t now = clock_.now_ns();
      if (signal == first_ && now - first_at_ns_ < kSameRequestNs)
        continue;
      ++count_;
      if (count_ == 1) {
        first_ = signal;
        first_at_ns_ = now;
        job_.stop();
        app_.note("stopping: what is in flight is finished and committed; once more: stop at once");
      } else if (count_ == 2) {
        job_.cancel();
        signals_.let_through();  // a third one ends a process that does not listen
      }
    }
  }

  std::optional<Status> on_time() {
    const std::int64_t now = clock_.now_ns();
    if (now >= end_at_) {
      end_at_ = kNever;
      job_.end_input();
    }
    if (now >= line_at_) {
      line_at_ = now + kNextLineNs;
      app_.terminal().live(progress_.line(job_.report()));
    }
    if (now < look_at_)
      return std::nullopt;
    look_at_ = now + kLookNs;
    job_.look_for_stalls();
    return job_.hangs();
  }

  App& app_;
  const Clock& clock_;
  runtime::Job& job_;
  const Signals& signals_;
  Progress progress_;
  std::int64_t end_at_ = kNever;
  std::int64_t line_at_ = kNever;
  std::int64_t look_at_ = kNever;
  int first_ = 0;
  std::int64_t first_at_ns_ = 0;
  int count_ = 0;
};

// What goes wrong in a stage is shown at the stage.
void place_error(Error& error, const spec::Pipeline& pipeline) {
  for (const spec::Stage& stage : pipeline.stages) {
    if (!error.place && stage.id.value == error.stage)
      error.place = stage.id.place;
  }
}

void say_error(App& app, const Error& error, const spec::Parsed& parsed) {
  app.show({error}, parsed.pipeline.file, parsed.lines);
  std::string more;
  const bool named = error.message.find("`" + error.stage + "`") != std::string::npos;
  if (!error.stage.empty() && !named) {
    more += "  = stage: " + error.stage;
    if (error.instance >= 0)
      more += ", instance " + std::to_string(error.instance);
    more += "\n";
  }
  if (!error.record.empty())
    more += "  = record: " + spec::visible(error.record) + "\n";
  if (!more.empty())
    app.terminal().say(more);
}

// Says what went wrong.
RunOutcome outcome_of(App& app, const Loaded& loaded, runtime::Report report, Status status) {
  RunOutcome outcome;
  outcome.report = std::move(report);
  if (status)
    return outcome;
  Error& error = status.error();
  if (outcome.report.state == runtime::JobState::kRunning)  // for ever
    outcome.report.state =
        error.code == "E0606" ? runtime::JobState::kCancelled : runtime::JobState::kFailed;
  outcome.quiet = Signals::pipe_broke();
  outcome.code = outcome.quiet ? kExitSignal + SIGPIPE : exit_code(error.kind);
  place_error(error, loaded.parsed.pipeline);
  if (!outcome.quiet && outcome.report.state != runtime::JobState::kCancelled)
    say_error(app, error, loaded.parsed);
  outcome.report.error = std::move(error);
  return outcome;
}

Error no_descriptors() {
  return {ErrorKind::kUnavailable, "E0613",
          "the process has no descriptor left to wait for the job", "give it more (`ulimit -n`)"};
}

RunOutcome refused(App& app, const Loaded& loaded, Error error) {
  RunOutcome outcome;
  outcome.report.name = loaded.plan->name;
  outcome.report.state = runtime::JobState::kFailed;
  place_error(error, loaded.parsed.pipeline);
  say_error(app, error, loaded.parsed);
  outcome.code = exit_code(error.kind);
  outcome.report.error = std::move(error);
  return outcome;
}

}  // namespace

int finish_run(App& app, const RunOutcome& outcome, int code) {
  if (outcome.hangs)
    ::_exit(app.finish(code));
  return code;
}

RunOutcome run_job(App& app, RunRequest request) {
  CrashNotes::come_before_plugins();
  request.options.cpus = request.cpus.value_or(usable_cpus());
  request.options.log = log_to(app.terminal());
  request.options.log_level = log_level(app);
  auto created =
      runtime::Job::create(*request.loaded.plan, *request.loaded.registry, request.options);
  if (!created)
    return refused(app, request.loaded, std::move(created.error()));
  runtime::Job& job = **created;
  if (app.verbosity() > 0)
    app.note(resources_text(job));
  const Signals signals;
  const int done = ::eventfd(0, EFD_CLOEXEC);
  if (signals.fd() < 0 || done < 0)
    return refused(app, request.loaded, no_descriptors());
  auto running = std::make_unique<RunningJob>(job, done);
  Watch watch(app, request, job, signals);
  std::optional<Status> hangs = watch.wait(running->done_fd());
  Status status = hangs ? std::move(*hangs) : running->join();
  app.terminal().end_live();
  RunOutcome outcome = outcome_of(app, request.loaded, job.report(), std::move(status));
  if (outcome.code == kExitOk || outcome.report.state == runtime::JobState::kCancelled) {
    if (watch.first_signal() != 0 && !outcome.quiet)
      outcome.code = kExitSignal + watch.first_signal();
  }
  if (!outcome.quiet)
    app.note(summary(*request.loaded.plan, outcome.report));
  outcome.hangs = hangs.has_value();
  if (outcome.hangs) {  // its threads use both
    [[maybe_unused]] const auto* const thread = running.release();
    [[maybe_unused]] const auto* const left = created->release();
  }
  return outcome;
}

}  // namespace sage::cli
