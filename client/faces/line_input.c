#include "client/faces/line_input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unigbrk.h>
#include <uniwidth.h>

#include "client/faces/face.h"
#include "common/bytes.h"
#include "common/text.h"

enum escape { ESCAPE_NONE, ESCAPE_BEGUN, ESCAPE_CSI, ESCAPE_SS3 };

struct line_input {
    FILE *out;
    struct line_input_driver driver;
    char prompt[LINE_PROMPT_BYTES_MAX + 1];
    bool shown;
    bool after_return; /* a line feed right after it is the same key */
    enum escape escape;
    unsigned char part[4]; /* of a character that is not whole yet */
    size_t part_count;
    size_t count;
    char *text;    /* FACE_LINE_BYTES_MAX + 1 */
    char *entered; /* the same; the line that is being handled */
};

enum status line_input_create(FILE *out, const struct line_input_driver *driver,
                              struct line_input **line_input_out)
{
    struct line_input *line_input = calloc(1, sizeof *line_input);

    if (line_input == NULL) {
        return STATUS_NOMEM;
    }
    line_input->text = calloc(1, FACE_LINE_BYTES_MAX + 1);
    line_input->entered = calloc(1, FACE_LINE_BYTES_MAX + 1);
    if (line_input->text == NULL || line_input->entered == NULL) {
        line_input_destroy(line_input);
        return STATUS_NOMEM;
    }
    line_input->out = out;
    line_input->driver = *driver;
    *line_input_out = line_input;
    return STATUS_OK;
}

void line_input_destroy(struct line_input *line_input)
{
    if (line_input == NULL) {
        return;
    }
    free(line_input->text);
    free(line_input->entered);
    free(line_input);
}

/* ---- drawing ---- */

static size_t columns_of(const char *text, size_t count)
{
    int columns = u8_width((const uint8_t *)text, count, "UTF-8");

    return columns > 0 ? (size_t)columns : 0;
}

/* Of the terminal; 0: not known. */
static size_t terminal_columns(const struct line_input *line_input)
{
    struct winsize size = {0};
    int descriptor = fileno(line_input->out);

    if (descriptor < 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

void line_input_set_prompt(struct line_input *line_input, const char *prompt)
{
    size_t count = text_prefix(prompt, LINE_PROMPT_BYTES_MAX);

    memcpy(line_input->prompt, prompt, count);
    line_input->prompt[count] = '\0';
}

void line_input_show(struct line_input *line_input)
{
    if (!line_input->shown) {
        (void)fputs(line_input->prompt, line_input->out);
        (void)fputs(line_input->text, line_input->out);
        line_input->shown = true;
    }
}

void line_input_hide(struct line_input *line_input)
{
    if (line_input->shown) {
        (void)fputc('\n', line_input->out);
        line_input->shown = false;
    }
}

static void reprint(struct line_input *line_input)
{
    line_input_hide(line_input);
    line_input_show(line_input);
}

/* ---- changing the text ---- */

static void tell_busy(struct line_input *line_input, size_t count_before)
{
    if ((count_before == 0) != (line_input->count == 0)) {
        line_input->driver.busy(line_input->driver.context, line_input->count > 0);
    }
}

/* Takes text back to its first `count` bytes, on the terminal too. A backspace does not climb
 * to the row above: where the text has wrapped, it is printed again below. */
static void cut(struct line_input *line_input, size_t count)
{
    size_t prompt = columns_of(line_input->prompt, strlen(line_input->prompt));
    size_t before = prompt + columns_of(line_input->text, line_input->count);
    size_t after = prompt + columns_of(line_input->text, count);
    size_t width = terminal_columns(line_input);
    size_t was = line_input->count;

    line_input->count = count;
    line_input->text[count] = '\0';
    if (width > 0 && (before % width == 0 || before / width != after / width)) {
        reprint(line_input);
    } else {
        for (size_t i = after; i < before; i++) {
            (void)fputs("\b \b", line_input->out);
        }
    }
    tell_busy(line_input, was);
}

/* Where the last grapheme begins. */
static size_t last_grapheme(const struct line_input *line_input)
{
    const uint8_t *text = (const uint8_t *)line_input->text;
    size_t at = 0;
    char *breaks = malloc(line_input->count + 1);

    if (breaks == NULL) { /* then a code point is better than nothing */
        at = line_input->count - 1;
        while (at > 0 && (text[at] & 0xc0) == 0x80) {
            at--;
        }
        return at;
    }
    u8_grapheme_breaks(text, line_input->count, breaks);
    for (size_t i = 0; i < line_input->count; i++) {
        at = breaks[i] ? i : at;
    }
    free(breaks);
    return at;
}

static size_t last_word(const struct line_input *line_input)
{
    size_t at = line_input->count;

    while (at > 0 && line_input->text[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && line_input->text[at - 1] != ' ') {
        at--;
    }
    return at;
}

static void add(struct line_input *line_input, const char *data, size_t count)
{
    size_t was = line_input->count;

    if (line_input->count + count > FACE_LINE_BYTES_MAX) {
        line_input->driver.key(line_input->driver.context, LINE_KEY_FULL);
        return;
    }
    memcpy(line_input->text + line_input->count, data, count);
    line_input->count += count;
    line_input->text[line_input->count] = '\0';
    (void)fwrite(data, 1, count, line_input->out);
    tell_busy(line_input, was);
}

static void enter(struct line_input *line_input)
{
    char *line = line_input->text;

    (void)fputc('\n', line_input->out);
    line_input->shown = false;
    line_input->text = line_input->entered;
    line_input->entered = line;
    line_input->text[0] = '\0';
    line_input->count = 0;
    line_input->driver.line(line_input->driver.context, line);
}

const char *line_input_text(const struct line_input *line_input)
{
    return line_input->text;
}

void line_input_clear(struct line_input *line_input)
{
    size_t was = line_input->count;

    line_input->count = 0;
    line_input->text[0] = '\0';
    tell_busy(line_input, was);
}

/* ---- keys ---- */

static void control(struct line_input *line_input, unsigned char key)
{
    bool after_return = line_input->after_return;

    line_input->after_return = key == '\r';
    switch (key) { /* numbers from a keyboard */
    case '\n':
        if (!after_return) {
            enter(line_input);
        }
        break;
    case '\r':
        enter(line_input);
        break;
    case '\t':
        add(line_input, " ", 1);
        break;
    case 0x03:
        line_input->driver.key(line_input->driver.context, LINE_KEY_INTERRUPT);
        break;
    case 0x04:
        if (line_input->count == 0) {
            line_input->driver.key(line_input->driver.context, LINE_KEY_END);
        }
        break;
    case '\b':
    case 0x7f:
        if (line_input->count > 0) {
            cut(line_input, last_grapheme(line_input));
        }
        break;
    case 0x12:
        reprint(line_input);
        break;
    case 0x15:
        cut(line_input, 0);
        break;
    case 0x17:
        cut(line_input, last_word(line_input));
        break;
    case 0x1a:
        line_input->driver.key(line_input->driver.context, LINE_KEY_SUSPEND);
        break;
    case 0x1b:
        line_input->escape = ESCAPE_BEGUN;
        break;
    default:
        break;
    }
}

/* True when the byte belongs to an escape sequence. */
static bool escape_take(struct line_input *line_input, unsigned char byte)
{
    switch (line_input->escape) {
    case ESCAPE_NONE:
        return false;
    case ESCAPE_BEGUN:
        line_input->escape = byte == '[' ? ESCAPE_CSI : byte == 'O' ? ESCAPE_SS3 : ESCAPE_NONE;
        return line_input->escape != ESCAPE_NONE; /* Esc alone takes no key with it */
    case ESCAPE_CSI: /* parameters, then one byte that ends it (ECMA-48, 5.4) */
        if (byte >= 0x20 && byte < 0x40) {
            return true;
        }
        line_input->escape = ESCAPE_NONE;
        return byte >= 0x40 && byte < 0x7f;
    case ESCAPE_SS3:
        line_input->escape = ESCAPE_NONE;
        return byte >= 0x20 && byte < 0x7f;
    }
    return false;
}

static size_t character_bytes(unsigned char lead)
{
    return lead < 0x80   ? 1
           : lead < 0xc0 ? 0
           : lead < 0xe0 ? 2
           : lead < 0xf0 ? 3
           : lead < 0xf8 ? 4
                         : 0;
}

/* Gathers a character; adds it once it is whole and good. */
static void character(struct line_input *line_input, unsigned char byte)
{
    struct bytes whole = {.data = line_input->part};
    bool continues = (byte & 0xc0) == 0x80;

    if (!continues || line_input->part_count == 4) {
        line_input->part_count = 0;
    }
    line_input->part[line_input->part_count++] = byte;
    whole.count = line_input->part_count;
    if (character_bytes(line_input->part[0]) == 0) {
        line_input->part_count = 0; /* a byte that begins nothing */
    } else if (character_bytes(line_input->part[0]) == whole.count) {
        line_input->part_count = 0;
        if (bytes_is_utf8(whole) && text_harm(whole, NULL) != TEXT_CONTROL) {
            add(line_input, (const char *)whole.data, whole.count);
        }
    }
}

void line_input_feed(struct line_input *line_input, const char *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = (unsigned char)data[i];

        if (escape_take(line_input, byte)) {
            continue;
        }
        if (byte < 0x20 || byte == 0x7f) {
            control(line_input, byte);
        } else {
            line_input->after_return = false;
            character(line_input, byte);
        }
    }
}
