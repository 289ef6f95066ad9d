#include "client/guide/heading.h"

#include <stdint.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

/* The plain form of the character at text, and how many bytes it took. */
static char heading_next(const char *text, size_t *bytes_out)
{
    static const struct {
        const char *from;
        char to;
    } table[] = {
        {"\xc2\xa0", ' '},      {"\xe2\x80\x98", '\''},
        {"\xe2\x80\x99", '\''}, {"\xe2\x80\x9c", '"'},
        {"\xe2\x80\x9d", '"'},  {"\xe2\x80\x93", '-'},
        {"\xe2\x80\x94", '-'},  {"\t", ' '},
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strncmp(text, table[i].from, strlen(table[i].from)) == 0) {
            *bytes_out = strlen(table[i].from);
            return table[i].to;
        }
    }
    *bytes_out = 1;
    return *text;
}

enum status heading_plain(const char *text, struct heading *plain_out)
{
    struct heading plain = {{0}};
    size_t count = 0;

    while (*text != '\0') {
        size_t bytes;
        char next = heading_next(text, &bytes);

        text += bytes;
        if (next == '*' || next == '_' ||
            (next == ' ' && (count == 0 || plain.text[count - 1] == ' '))) {
            continue;
        }
        if (count == HEADING_BYTES_MAX) {
            return STATUS_TOO_LONG;
        }
        plain.text[count++] = next;
    }
    while (count > 0 && strchr(" #:", plain.text[count - 1]) != NULL) {
        plain.text[--count] = '\0';
    }
    *plain_out = plain;
    return STATUS_OK;
}

enum status heading_compare(const char *a, const char *b, bool *same_out)
{
    struct heading left;
    struct heading right;
    int order;

    if (heading_plain(a, &left) != STATUS_OK || heading_plain(b, &right) != STATUS_OK) {
        *same_out = false;
        return STATUS_OK;
    }
    if (u8_casecmp((const uint8_t *)left.text, strlen(left.text), (const uint8_t *)right.text,
                   strlen(right.text), NULL, UNINORM_NFC, &order) != 0) {
        return STATUS_NOMEM;
    }
    *same_out = order == 0;
    return STATUS_OK;
}
