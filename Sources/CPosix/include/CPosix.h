/// Processes and the clock of Linux, as far as the Glibc module of Swift does not reach them.
#ifndef CPOSIX_H
#define CPOSIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>

/// Where a start failed.
enum cposix_stage {
    CPOSIX_STAGE_NONE = 0,
    /// Pipe, stack or process: the caller is out of something.
    CPOSIX_STAGE_PROCESS = 1,
    /// Session, standard streams, other descriptors.
    CPOSIX_STAGE_STREAMS = 2,
    CPOSIX_STAGE_USER = 3,
    CPOSIX_STAGE_DIRECTORY = 4,
    CPOSIX_STAGE_PROGRAM = 5,
};

/// What `cposix_start` starts. Everything is borrowed until it returns.
struct cposix_order {
    /// Paths of the program, tried in this order as execvp(3) does; ends with NULL.
    char *const *programs;
    /// Ends with NULL.
    char *const *arguments;
    /// `NAME=VALUE`; ends with NULL.
    char *const *environment;
    /// Entered as the process's user, before the program is looked for.
    const char *directory;
    /// Become descriptors 1 and 2.
    int output;
    int error;
    /// Only root may set it: `uid`, `gid` and `groups` are taken on.
    bool changes_user;
    uid_t uid;
    gid_t gid;
    const gid_t *groups;
    size_t group_count;
};

/// What became of a start.
struct cposix_start {
    /// 0, or an errno value.
    int error;
    /// A `cposix_stage`.
    int stage;
    /// Which of `programs` the error is about.
    int program;
    pid_t pid;
    /// Refers to the process; close-on-exec; the caller closes it.
    int pidfd;
};

/// Starts a process as the leader of a session and group of its own: standard input is /dev/null, all other
/// descriptors are closed, no signal is blocked, handled or ignored, umask 022. Returns after execve(2) was done or failed.
///
/// The parent's memory is shared until execve(2), as vfork(2) does, except when the user changes.
struct cposix_start cposix_start(const struct cposix_order *order);

/// How a child ended, and what it and the descendants it waited for have used. Source: getrusage(2).
struct cposix_end {
    /// 0, or an errno value.
    int error;
    bool signaled;
    /// Exit status, or the number of the signal.
    int value;
    int64_t user_microseconds;
    int64_t system_microseconds;
    /// Of the largest process; -1 when it is not above the peak of the calling process.
    int64_t peak_kibibytes;
};

/// Waits for the end of child `pid` and takes it off the process table.
struct cposix_end cposix_reap(pid_t pid);

/// 1: child `pid` has ended and is not reaped; 0: it runs; -1: no such child.
int cposix_has_ended(pid_t pid);

/// Makes orphaned descendants children of this process. Returns 0 or an errno value.
int cposix_adopt_orphans(void);

/// A descriptor that refers to process `pid`, or -1 with errno.
int cposix_pidfd_open(pid_t pid);

/// A pipe that is closed on exec; its read end does not block. 0, or -1 with errno.
int cposix_pipe(int ends[2]);

/// Names the calling thread; at most 15 bytes are kept.
void cposix_name_thread(const char *name);

/// The calling thread takes the processor from no other that runs. Source: sched(7), SCHED_BATCH.
void cposix_yield_to_others(void);

/// Opens /dev/null in the place of a standard descriptor that is closed: what is opened next would get its number, and what is
/// written for a person would go there. To be called first.
void cposix_fill_standard(void);

/// The columns that a Unicode scalar takes on a terminal, whatever `LANG` says: 0, 1 or 2; 1 where it is not known. Source:
/// wcwidth(3), locale(7).
int cposix_width(uint32_t scalar);

/// 1 when the kernel takes its clock for synchronised, 0 when not, -1 when it does not say. Source: adjtimex(2).
int cposix_clock_is_synchronised(void);

/// What strerror(3) says in the C locale, or NULL for an unknown number.
const char *cposix_error_text(int error);

/// 0, or -1 with errno.
int cposix_pidfd_signal(int pidfd, int signal);

#endif
