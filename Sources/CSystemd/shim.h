/* libsystemd as we use it: service notification, the journal, sockets handed over at start. */
#include <systemd/sd-daemon.h>
#define SD_JOURNAL_SUPPRESS_LOCATION 1
#include <systemd/sd-journal.h>
