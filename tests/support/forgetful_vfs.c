#include "tests/support/forgetful_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 512 };

struct forgetful_file {
    sqlite3_file base; /* first: SQLite's view of it */
    struct forgetful_vfs *vfs;
    struct forgetful_file *next; /* open files */
    sqlite3_file *real;          /* behind this struct, in SQLite's memory */
    int lock;

    uint8_t *image; /* owned: the file as its user sees it */
    uint8_t *dirty; /* owned: per block, not yet synced */
    size_t size;
    size_t capacity;  /* a multiple of BLOCK_BYTES */
    size_t shrunk_to; /* the smallest it was since the last sync */
};

struct forgetful_vfs {
    sqlite3_vfs base;
    sqlite3_vfs *real;
    char *name; /* owned */
    struct forgetful_file *files;
    struct forgetful_plan plan;
    atomic_uint_fast64_t syncs;
    atomic_uint_fast64_t writes;
    atomic_bool crashed;
};

static struct forgetful_file *file_of(sqlite3_file *base)
{
    return (struct forgetful_file *)base;
}

static int reserve(struct forgetful_file *file, size_t size)
{
    size_t capacity = file->capacity == 0 ? BLOCK_BYTES : file->capacity;
    uint8_t *image;
    uint8_t *dirty;

    while (capacity < size) {
        capacity *= 2;
    }
    if (capacity == file->capacity) {
        return SQLITE_OK;
    }
    image = realloc(file->image, capacity);
    if (image == NULL) {
        return SQLITE_NOMEM;
    }
    file->image = image;
    dirty = realloc(file->dirty, capacity / BLOCK_BYTES);
    if (dirty == NULL) {
        return SQLITE_NOMEM;
    }
    file->dirty = dirty;
    memset(image + file->capacity, 0, capacity - file->capacity);
    memset(dirty + file->capacity / BLOCK_BYTES, 0, (capacity - file->capacity) / BLOCK_BYTES);
    file->capacity = capacity;
    return SQLITE_OK;
}

/* Takes the file as it durably is. */
static int load(struct forgetful_file *file)
{
    sqlite3_int64 size = 0;
    int code = file->real->pMethods->xFileSize(file->real, &size);

    if (code == SQLITE_OK) {
        code = reserve(file, (size_t)size);
    }
    if (code == SQLITE_OK && size > 0) {
        code = file->real->pMethods->xRead(file->real, file->image, (int)size, 0);
        code = code == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : code;
    }
    if (code == SQLITE_OK) {
        file->size = (size_t)size;
        memset(file->image + file->size, 0, file->capacity - file->size);
        memset(file->dirty, 0, file->capacity / BLOCK_BYTES);
        file->shrunk_to = file->size;
    }
    return code;
}

static int put_block(struct forgetful_file *file, size_t block)
{
    size_t at = block * BLOCK_BYTES;
    size_t count = file->size - at < BLOCK_BYTES ? file->size - at : BLOCK_BYTES;

    return file->real->pMethods->xWrite(file->real, file->image + at, (int)count,
                                        (sqlite3_int64)at);
}

static int make_durable(struct forgetful_file *file)
{
    sqlite3_int64 size = 0;
    int code = file->real->pMethods->xFileSize(file->real, &size);

    if (code == SQLITE_OK && (size_t)size > file->shrunk_to) {
        code = file->real->pMethods->xTruncate(file->real, (sqlite3_int64)file->shrunk_to);
    }
    for (size_t i = 0; i * BLOCK_BYTES < file->size && code == SQLITE_OK; i++) {
        if (file->dirty[i] != 0) {
            code = put_block(file, i);
            file->dirty[i] = 0;
        }
    }
    file->shrunk_to = file->size;
    return code;
}

static uint64_t next_random(uint64_t *state) /* splitmix64 */
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* A disk that was writing when the power went: of what was not synced, some blocks are there
 * and some are not, in no order. */
static void crash(struct forgetful_vfs *vfs)
{
    uint64_t state = vfs->plan.torn_seed;

    vfs->crashed = true;
    if (state == 0) {
        return;
    }
    for (struct forgetful_file *file = vfs->files; file != NULL; file = file->next) {
        for (size_t i = 0; i * BLOCK_BYTES < file->size; i++) {
            if (file->dirty[i] != 0 && (next_random(&state) & 1) != 0) {
                (void)put_block(file, i);
            }
        }
    }
}

static int file_close(sqlite3_file *base)
{
    struct forgetful_file *file = file_of(base);
    struct forgetful_file **link = &file->vfs->files;

    while (*link != file) {
        link = &(*link)->next;
    }
    *link = file->next;
    free(file->image);
    free(file->dirty);
    return file->real->pMethods->xClose(file->real);
}

static int file_read(sqlite3_file *base, void *out, int count, sqlite3_int64 at)
{
    struct forgetful_file *file = file_of(base);
    size_t from = (size_t)at;
    size_t wanted = (size_t)count;
    size_t there = file->size > from ? file->size - from : 0;

    if (file->vfs->crashed) {
        return SQLITE_IOERR_READ;
    }
    if (there >= wanted) {
        memcpy(out, file->image + from, wanted);
        return SQLITE_OK;
    }
    memset(out, 0, wanted);
    if (there > 0) {
        memcpy(out, file->image + from, there);
    }
    return SQLITE_IOERR_SHORT_READ;
}

static bool write_fails(struct forgetful_vfs *vfs)
{
    uint64_t write = ++vfs->writes;

    if (vfs->plan.crash_in_write == write && !vfs->crashed) {
        crash(vfs);
    }
    return vfs->plan.fail_write != 0 &&
           (vfs->plan.fail_write == write ||
            (vfs->plan.keeps_failing && write > vfs->plan.fail_write));
}

static int file_write(sqlite3_file *base, const void *data, int count, sqlite3_int64 at)
{
    struct forgetful_file *file = file_of(base);
    size_t end = (size_t)at + (size_t)count;
    int code;

    if (write_fails(file->vfs)) {
        return file->vfs->plan.fail_code;
    }
    if (file->vfs->crashed) {
        return SQLITE_IOERR_WRITE;
    }
    code = reserve(file, end);
    if (code != SQLITE_OK || count == 0) {
        return code;
    }
    memcpy(file->image + at, data, (size_t)count);
    memset(file->dirty + (size_t)at / BLOCK_BYTES, 1,
           (end - 1) / BLOCK_BYTES - (size_t)at / BLOCK_BYTES + 1);
    file->size = end > file->size ? end : file->size;
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct forgetful_file *file = file_of(base);

    if (file->vfs->crashed) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if ((size_t)size < file->size) {
        memset(file->image + size, 0, file->size - (size_t)size);
        file->size = (size_t)size;
        file->shrunk_to = file->size < file->shrunk_to ? file->size : file->shrunk_to;
    }
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct forgetful_file *file = file_of(base);
    uint64_t sync;

    (void)flags;
    if (file->vfs->crashed) {
        return SQLITE_IOERR_FSYNC;
    }
    sync = ++file->vfs->syncs;
    if (file->vfs->plan.crash_at_sync == sync) {
        crash(file->vfs);
        return SQLITE_IOERR_FSYNC;
    }
    return make_durable(file);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size_out)
{
    *size_out = (sqlite3_int64)file_of(base)->size;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    struct forgetful_file *file = file_of(base);
    int code = file->real->pMethods->xLock(file->real, level);

    if (code == SQLITE_OK) {
        if (file->lock == SQLITE_LOCK_NONE) {
            code = load(file); /* another process may have changed it until now */
        }
        file->lock = level;
    }
    return code;
}

static int file_unlock(sqlite3_file *base, int level)
{
    struct forgetful_file *file = file_of(base);

    file->lock = level;
    return file->real->pMethods->xUnlock(file->real, level);
}

static int file_check_reserved(sqlite3_file *base, int *out)
{
    return file_of(base)->real->pMethods->xCheckReservedLock(file_of(base)->real, out);
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return BLOCK_BYTES;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
};

static int vfs_open(sqlite3_vfs *base, const char *path, sqlite3_file *out, int flags,
                    int *flags_out)
{
    struct forgetful_vfs *vfs = base->pAppData;
    struct forgetful_file *file = file_of(out);
    int code;

    memset(file, 0, sizeof *file);
    if (vfs->crashed) {
        return SQLITE_CANTOPEN;
    }
    file->vfs = vfs;
    file->real = (sqlite3_file *)(file + 1);
    code = vfs->real->xOpen(vfs->real, path, file->real, flags, flags_out);
    if (code == SQLITE_OK) {
        code = load(file);
        if (code != SQLITE_OK) {
            free(file->image);
            free(file->dirty);
            (void)file->real->pMethods->xClose(file->real);
        }
    }
    if (code == SQLITE_OK) {
        file->base.pMethods = &methods;
        file->next = vfs->files;
        vfs->files = file;
    }
    return code;
}

static int vfs_delete(sqlite3_vfs *base, const char *path, int sync_directory)
{
    struct forgetful_vfs *vfs = base->pAppData;

    return vfs->crashed ? SQLITE_IOERR_DELETE
                        : vfs->real->xDelete(vfs->real, path, sync_directory);
}

static int vfs_access(sqlite3_vfs *base, const char *path, int flags, int *out)
{
    struct forgetful_vfs *vfs = base->pAppData;

    return vfs->real->xAccess(vfs->real, path, flags, out);
}

static int vfs_full_path(sqlite3_vfs *base, const char *path, int count, char *out)
{
    struct forgetful_vfs *vfs = base->pAppData;

    return vfs->real->xFullPathname(vfs->real, path, count, out);
}

enum status forgetful_vfs_create(const char *name, bool is_default,
                                 struct forgetful_vfs **vfs_out)
{
    struct forgetful_vfs *vfs = calloc(1, sizeof *vfs);

    if (vfs == NULL) {
        return STATUS_NOMEM;
    }
    vfs->name = strdup(name);
    vfs->real = sqlite3_vfs_find(NULL);
    if (vfs->name == NULL || vfs->real == NULL) {
        free(vfs->name);
        free(vfs);
        return STATUS_NOMEM;
    }
    assert(sqlite3_vfs_find(name) == NULL);
    vfs->base = *vfs->real; /* randomness, time, sleep: as they are */
    vfs->base.pNext = NULL;
    vfs->base.zName = vfs->name;
    vfs->base.pAppData = vfs;
    vfs->base.szOsFile = (int)sizeof(struct forgetful_file) + vfs->real->szOsFile;
    vfs->base.xOpen = vfs_open;
    vfs->base.xDelete = vfs_delete;
    vfs->base.xAccess = vfs_access;
    vfs->base.xFullPathname = vfs_full_path;
    if (sqlite3_vfs_register(&vfs->base, is_default ? 1 : 0) != SQLITE_OK) {
        free(vfs->name);
        free(vfs);
        return STATUS_NOMEM;
    }
    *vfs_out = vfs;
    return STATUS_OK;
}

void forgetful_vfs_destroy(struct forgetful_vfs *vfs)
{
    if (vfs == NULL) {
        return;
    }
    assert(vfs->files == NULL);
    (void)sqlite3_vfs_unregister(&vfs->base);
    free(vfs->name);
    free(vfs);
}

void forgetful_vfs_plan(struct forgetful_vfs *vfs, const struct forgetful_plan *plan)
{
    vfs->plan = *plan;
    vfs->syncs = 0;
    vfs->writes = 0;
    vfs->crashed = false;
}

bool forgetful_vfs_has_crashed(const struct forgetful_vfs *vfs)
{
    return vfs->crashed;
}

uint64_t forgetful_vfs_syncs(const struct forgetful_vfs *vfs)
{
    return vfs->syncs;
}

uint64_t forgetful_vfs_writes(const struct forgetful_vfs *vfs)
{
    return vfs->writes;
}
