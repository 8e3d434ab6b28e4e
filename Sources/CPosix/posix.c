#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

enum { STACK_SIZE = 32 * 1024 };

/* What the child says when it cannot go on. */
struct failure {
    int stage;
    int error;
    int program;
};

struct launch {
    const struct cposix_order *order;
    /* The end of a pipe that the failure is written to; -1: the memory is shared, and the parent waits. */
    int report;
    struct failure failure;
};

/* From here to execve(2) the child may share its parent's memory: only system calls, no locks, no allocation. */

static void give_up(struct launch *launch, int stage, int error, int program) {
    struct failure failure = {.stage = stage, .error = error, .program = program};
    launch->failure = failure;
    if (launch->report >= 0) {
        ssize_t ignored = write(launch->report, &failure, sizeof failure);
        (void)ignored;
    }
    _exit(127);
}

static void reset_dispositions(void) {
    /* The kernel's own structure, of which all zeros mean SIG_DFL: sigaction(2) refuses the two signals that the C library
       keeps for itself, and posix_spawn(3) leaves those ignored. */
    uint64_t standard[8] = {0};
    for (int number = 1; number < NSIG; number++) {
        syscall(SYS_rt_sigaction, number, standard, NULL, sizeof(uint64_t));
    }
}

/* Out of the way of 0, 1 and 2. */
static int above_standard(int descriptor) {
    return descriptor > 2 ? descriptor : fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

static int descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1 << 20) {
        return 1 << 20;
    }
    return (int)limit.rlim_cur;
}

static void set_streams(struct launch *launch) {
    int output = above_standard(launch->order->output);
    int error = above_standard(launch->order->error);
    int input = open("/dev/null", O_RDONLY);
    if (output < 0 || error < 0 || input < 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(error, 2) < 0) {
        give_up(launch, CPOSIX_STAGE_STREAMS, errno, 0);
    }
    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
        int limit = descriptor_limit();
        for (int descriptor = 3; descriptor < limit; descriptor++) {
            fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        }
    }
}

static void set_user(struct launch *launch) {
    const struct cposix_order *order = launch->order;
    /* The system calls themselves: the functions of the C library would signal the threads of the parent. */
    if (syscall(SYS_setgroups, order->group_count, order->groups) != 0 ||
        syscall(SYS_setresgid, order->gid, order->gid, order->gid) != 0 ||
        syscall(SYS_setresuid, order->uid, order->uid, order->uid) != 0) {
        give_up(launch, CPOSIX_STAGE_USER, errno, 0);
    }
}

static void run_program(struct launch *launch) {
    const struct cposix_order *order = launch->order;
    int refused = 0;
    int refused_program = 0;
    int program = 0;
    for (; order->programs[program] != NULL; program++) {
        execve(order->programs[program], order->arguments, order->environment);
        if (errno == EACCES) {
            if (refused == 0) {
                refused_program = program;
            }
            refused = EACCES;
        } else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) {
            give_up(launch, CPOSIX_STAGE_PROGRAM, errno, program);
        }
    }
    give_up(launch, CPOSIX_STAGE_PROGRAM, refused != 0 ? refused : ENOENT, refused_program);
}

static int child(void *argument) {
    struct launch *launch = argument;
    uint64_t no_signal = 0;
    reset_dispositions();
    setsid();
    umask(022);
    set_streams(launch);
    if (launch->order->changes_user) {
        set_user(launch);
    }
    if (chdir(launch->order->directory) != 0) {
        give_up(launch, CPOSIX_STAGE_DIRECTORY, errno, 0);
    }
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signal, NULL, sizeof no_signal);
    run_program(launch);
    return 127;
}

/* Here the child's part ends. */

static struct cposix_start failed(int stage, int error, int program) {
    struct cposix_start start = {.error = error, .stage = stage, .program = program, .pid = -1, .pidfd = -1};
    return start;
}

/* A pipe whose descriptors are above the standard ones; 0 or an errno value. */
static int make_report_pipe(int ends[2]) {
    int made[2];
    if (pipe2(made, O_CLOEXEC) != 0) {
        return errno;
    }
    for (int end = 0; end < 2; end++) {
        ends[end] = made[end] > 2 ? made[end] : fcntl(made[end], F_DUPFD_CLOEXEC, 3);
    }
    int error = errno;
    for (int end = 0; end < 2; end++) {
        if (made[end] <= 2) {
            close(made[end]);
        }
    }
    if (ends[0] >= 0 && ends[1] >= 0) {
        return 0;
    }
    for (int end = 0; end < 2; end++) {
        if (ends[end] >= 0) {
            close(ends[end]);
        }
    }
    return error;
}

/* Waits until the child has done execve(2), which closes its end, or has said why it cannot. */
static struct failure read_report(int report) {
    struct failure failure = {.error = 0};
    ssize_t count;
    do {
        count = read(report, &failure, sizeof failure);
    } while (count < 0 && errno == EINTR);
    if (count != (ssize_t)sizeof failure) {
        failure.error = 0;
    }
    return failure;
}

struct cposix_start cposix_start(const struct cposix_order *order) {
    /* A process of another user must not share memory with root, and the mark it leaves there would stay. */
    int sharing = order->changes_user ? 0 : CLONE_VM | CLONE_VFORK;
    int report[2] = {-1, -1};
    int error = sharing ? 0 : make_report_pipe(report);
    if (error != 0) {
        return failed(CPOSIX_STAGE_PROCESS, error, 0);
    }
    /* Below the frame of this call, which waits until the child has left it, or of which the child has a copy. */
    char stack[STACK_SIZE] __attribute__((aligned(64)));

    /* Volatile: the child changes it behind the compiler's back. */
    volatile struct launch launch = {.order = order, .report = report[1]};
    /* Those of the C library too: no handler may run in shared memory. Only SIGCHLD stays: as long as the calling thread does
       not block it, and nobody handles it, the kernel drops it; otherwise the end of each child wakes some other thread. The
       child may end before this thread runs again. */
    uint64_t child_signal = (uint64_t)1 << (SIGCHLD - 1);
    uint64_t others = ~child_signal;
    uint64_t before = 0;
    int pidfd = -1;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &others, &before, sizeof before);
    pid_t pid = clone(child, stack + STACK_SIZE, sharing | CLONE_PIDFD | SIGCHLD, (void *)&launch, &pidfd);
    error = errno;
    before &= ~child_signal;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);

    struct failure failure = {.error = 0};
    if (sharing) {
        /* It has left the memory: by execve(2), or by its end. */
        failure = launch.failure;
    } else {
        close(report[1]);
        if (pid >= 0) {
            failure = read_report(report[0]);
        }
        close(report[0]);
    }
    if (pid < 0) {
        return failed(CPOSIX_STAGE_PROCESS, error, 0);
    }
    if (failure.error != 0) {
        cposix_reap(pid);
        close(pidfd);
        return failed(failure.stage, failure.error, failure.program);
    }
    struct cposix_start start = {.error = 0, .stage = CPOSIX_STAGE_NONE, .program = 0, .pid = pid, .pidfd = pidfd};
    return start;
}

static int64_t microseconds(struct timeval time) {
    return (int64_t)time.tv_sec * 1000000 + time.tv_usec;
}

/* The peak of this process in KiB, or a lower figure that is not below `enough`: it only grows. */
static long own_peak(long enough) {
    static long known = 0;
    long peak = __atomic_load_n(&known, __ATOMIC_RELAXED);
    struct rusage own;
    if (peak < enough && getrusage(RUSAGE_SELF, &own) == 0) {
        peak = own.ru_maxrss;
        __atomic_store_n(&known, peak, __ATOMIC_RELAXED);
    }
    return peak;
}

struct cposix_end cposix_reap(pid_t pid) {
    struct cposix_end end;
    memset(&end, 0, sizeof end);
    int status = 0;
    struct rusage usage;
    pid_t reaped;
    do {
        reaped = wait4(pid, &status, 0, &usage);
    } while (reaped < 0 && errno == EINTR);
    if (reaped < 0) {
        end.error = errno;
        return end;
    }
    end.signaled = WIFSIGNALED(status);
    end.value = end.signaled ? WTERMSIG(status) : WEXITSTATUS(status);
    end.user_microseconds = microseconds(usage.ru_utime);
    end.system_microseconds = microseconds(usage.ru_stime);
    /* The kernel counts the moment between the start of a process and its program, when it still shares or copies our
       memory: a peak that is not above ours says nothing about the step. */
    end.peak_kibibytes = usage.ru_maxrss <= own_peak(usage.ru_maxrss) ? -1 : usage.ru_maxrss;
    return end;
}

int cposix_has_ended(pid_t pid) {
    siginfo_t information;
    information.si_pid = 0;
    int result;
    do {
        result = waitid(P_PID, (id_t)pid, &information, WEXITED | WNOHANG | WNOWAIT);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        return -1;
    }
    return information.si_pid == pid ? 1 : 0;
}

int cposix_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
}

int cposix_pidfd_open(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

int cposix_pidfd_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int cposix_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    return 0;
}

void cposix_fill_standard(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
            /* The lowest free number. */
            int opened = open("/dev/null", O_RDWR);
            (void)opened;
        }
    }
}

static locale_t characters;

static void load_characters(void) {
    characters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

int cposix_width(uint32_t scalar) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load_characters);
    if (characters == (locale_t)0) {
        return 1;
    }
    locale_t before = uselocale(characters);
    int width = wcwidth((wchar_t)scalar);
    uselocale(before);
    return width < 0 ? 1 : width;
}

void cposix_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

void cposix_yield_to_others(void) {
    struct sched_param parameter = {.sched_priority = 0};
    /* 0: the calling thread. Where it is forbidden, everything works all the same. */
    sched_setscheduler(0, SCHED_BATCH, &parameter);
}

int cposix_clock_is_synchronised(void) {
    /* No mode: it only looks, for which nobody needs a right. */
    struct timex state = {.modes = 0};
    if (adjtimex(&state) < 0) {
        return -1;
    }
    return (state.status & STA_UNSYNC) == 0;
}

const char *cposix_error_text(int error) {
    return strerrordesc_np(error);
}
