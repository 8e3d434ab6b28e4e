/* libsystemd as we use it: service notification, the journal, sockets handed over at start; and the few calls of Linux
   that Swift's Glibc module does not import. */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#define SD_JOURNAL_SUPPRESS_LOCATION 1
#include <systemd/sd-journal.h>
#include <unistd.h>

/* Makes a timer descriptor on `clock` (CLOCK_MONOTONIC or CLOCK_REALTIME); -1 and errno on failure. */
static inline int chost_timer_create(int clock) {
  return timerfd_create(clock, TFD_CLOEXEC | TFD_NONBLOCK);
}

/* Arms `timer` for an absolute time, or disarms it when both numbers are 0. Returns 0 or an errno; ECANCELED means that
   it is armed, and that the clock was set since it was armed before. Source: timerfd_create(2). */
static inline int chost_timer_set(int timer, int64_t seconds, int64_t nanoseconds, int cancel_on_set) {
  struct itimerspec deadline = {0};
  deadline.it_value.tv_sec = seconds;
  deadline.it_value.tv_nsec = nanoseconds;
  int flags = TFD_TIMER_ABSTIME | (cancel_on_set ? TFD_TIMER_CANCEL_ON_SET : 0);
  return timerfd_settime(timer, flags, &deadline, NULL) == 0 ? 0 : errno;
}

/* Takes an expiry off `timer`. Returns 0, EAGAIN when there is none, or ECANCELED when the clock was set. */
static inline int chost_timer_take(int timer) {
  uint64_t expirations = 0;
  return read(timer, &expirations, sizeof expirations) == sizeof expirations ? 0 : errno;
}

/* The environment of this process. */
static inline char **chost_environment(void) {
  extern char **environ;
  return environ;
}

/* The writing end of the pipe that trapped signals go to; -1 before the first trap. Only the file that calls
   chost_trap may use it: every object file has its own. */
static int chost_signal_pipe = -1;

static void chost_on_signal(int number) {
  int kept = errno;
  unsigned char byte = (unsigned char)number;
  if (chost_signal_pipe >= 0) {
    ssize_t written = write(chost_signal_pipe, &byte, 1);
    (void)written; /* a full pipe holds enough signals already */
  }
  errno = kept;
}

static void chost_on_nothing(int number) { (void)number; }

/* Sends the number of each signal `number` to `pipe`, one byte each. Returns 0 or an errno. */
static inline int chost_trap(int number, int pipe) {
  chost_signal_pipe = pipe;
  struct sigaction action = {0};
  action.sa_handler = chost_on_signal;
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

/* Makes `number` do nothing here; unlike SIG_IGN this is not inherited by programs that are started. */
static inline int chost_disarm(int number) {
  struct sigaction action = {0};
  action.sa_handler = chost_on_nothing;
  action.sa_flags = SA_RESTART;
  return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}
