/* Limit of P10. usage: ledger append CONNINFO ENTRIES | ledger verify CONNINFO
 * append: one chain, a batch of 1,000 entries of 300 bytes hashed and copied in one transaction; verify: read and hash all. */
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 300, BATCH = 1000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}
static void check(PGconn *db, PGresult *result, ExecStatusType wanted) {
    if (PQresultStatus(result) != wanted) { fprintf(stderr, "%s", PQerrorMessage(db)); exit(1); }
    PQclear(result);
}
static void chain(EVP_MD_CTX *context, unsigned char *head, const void *data, size_t size) {
    EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    EVP_DigestUpdate(context, head, 32);
    EVP_DigestUpdate(context, data, size);
    EVP_DigestFinal_ex(context, head, NULL);
}
static void report(long count, double began) {
    double seconds = now() - began;
    printf("{\"count\": %ld, \"seconds\": %.4f, \"per_s\": %.0f}\n", count, seconds, count / seconds);
}

int main(int argc, char **argv) {
    if (argc < 3) return 64;
    PGconn *db = PQconnectdb(argv[2]);
    if (PQstatus(db) != CONNECTION_OK) { fprintf(stderr, "%s", PQerrorMessage(db)); return 1; }
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char head[32] = {0};
    if (strcmp(argv[1], "append") == 0) {
        long entries = atol(argv[3]);
        check(db, PQexec(db, "DROP TABLE IF EXISTS c_ledger"), PGRES_COMMAND_OK);
        check(db, PQexec(db, "CREATE TABLE c_ledger (position bigint PRIMARY KEY, data bytea NOT NULL, hash bytea NOT NULL)"),
              PGRES_COMMAND_OK);
        static char data[SIZE], row[1024];
        memset(data, 'x', SIZE);
        double began = now();
        for (long start = 0; start < entries; start += BATCH) {
            check(db, PQexec(db, "COPY c_ledger FROM STDIN"), PGRES_COPY_IN);
            for (long n = start; n < start + BATCH && n < entries; n++) {
                memcpy(data, &n, sizeof n);
                chain(context, head, data, SIZE);
                char *end = row + sprintf(row, "%ld\t\\\\x", n);
                for (int i = 0; i < SIZE; i++) { *end++ = "0123456789abcdef"[(unsigned char)data[i] >> 4]; *end++ = "0123456789abcdef"[data[i] & 15]; }
                end += sprintf(end, "\t\\\\x");
                for (int i = 0; i < 32; i++) { *end++ = "0123456789abcdef"[head[i] >> 4]; *end++ = "0123456789abcdef"[head[i] & 15]; }
                *end++ = '\n';
                PQputCopyData(db, row, end - row);
            }
            PQputCopyEnd(db, NULL);
            check(db, PQgetResult(db), PGRES_COMMAND_OK);
            while (PQgetResult(db)) {}
        }
        report(entries, began);
    } else {
        double began = now();
        long count = 0;
        /* Binary, and many rows a message. */
        check(db, PQexec(db, "COPY (SELECT data, hash FROM c_ledger ORDER BY position) TO STDOUT (FORMAT binary)"), PGRES_COPY_OUT);
        char *row;
        int size, first = 1;
        while ((size = PQgetCopyData(db, &row, 0)) > 0) {
            char *field = row + (first ? 19 : 0);
            first = 0;
            if (field[0] == 0 && field[1] == 2) {
                uint32_t length = __builtin_bswap32(*(uint32_t *)(field + 2));
                chain(context, head, field + 6, length);
                if (memcmp(head, field + 6 + length + 4, 32) != 0) { fprintf(stderr, "entry %ld differs\n", count); return 1; }
                count++;
            }
            PQfreemem(row);
        }
        report(count, began);
    }
    PQfinish(db);
    return 0;
}
