/* The floor: what no scheduler with durable checkpoints can go below. For each date, one process that is started and
   waited for, and one durable commit of one row. Prints the seconds that the loop took.

   usage: floor DATABASE COUNT */
#include <errno.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static void give_up(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

static void execute(sqlite3 *database, const char *statement) {
    if (sqlite3_exec(database, statement, NULL, NULL, NULL) != SQLITE_OK) {
        give_up(statement, sqlite3_errmsg(database));
    }
}

static void run_true(void) {
    char *arguments[] = {"true", NULL};
    pid_t pid;
    int error = posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ);
    if (error != 0) {
        give_up("/bin/true", strerror(error));
    }
    int status;
    struct rusage usage;
    while (wait4(pid, &status, 0, &usage) < 0) {
        if (errno != EINTR) {
            give_up("wait4", strerror(errno));
        }
    }
    if (status != 0) {
        give_up("/bin/true", "failed");
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 3 || atoi(arguments[2]) < 1) {
        fprintf(stderr, "usage: floor DATABASE COUNT\n");
        return 2;
    }
    sqlite3 *database;
    if (sqlite3_open(arguments[1], &database) != SQLITE_OK) {
        give_up(arguments[1], sqlite3_errmsg(database));
    }
    execute(database, "PRAGMA journal_mode = WAL");
    execute(database, "PRAGMA synchronous = FULL");
    execute(database, "CREATE TABLE dates (date INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT");
    sqlite3_stmt *insert;
    if (sqlite3_prepare_v2(database, "INSERT INTO dates VALUES (?, 'done')", -1, &insert, NULL) != SQLITE_OK) {
        give_up("INSERT", sqlite3_errmsg(database));
    }

    double start = now();
    for (int date = 0; date < atoi(arguments[2]); date++) {
        run_true();
        sqlite3_bind_int(insert, 1, date);
        if (sqlite3_step(insert) != SQLITE_DONE || sqlite3_reset(insert) != SQLITE_OK) {
            give_up("INSERT", sqlite3_errmsg(database));
        }
    }
    printf("%.6f\n", now() - start);

    sqlite3_finalize(insert);
    sqlite3_close(database);
    return 0;
}
