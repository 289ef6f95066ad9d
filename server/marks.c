#include "server/marks.h"

#include <stdlib.h>

enum {
    SIGNALS = MESSAGE_MARK_READY | MESSAGE_MARK_MORE_TIME | MESSAGE_MARK_QUESTION,
    SECOND_MS = 1000,
};

void marks_init(struct marks *marks)
{
    *marks = (struct marks){.change = 1};
}

void marks_finish(struct marks *marks)
{
    for (size_t i = 0; i <= STEPS_MAX; i++) {
        free(marks->steps[i]);
        marks->steps[i] = NULL;
    }
}

void marks_set_present(struct marks *marks, uint16_t member, bool present)
{
    if (marks->present[member] != present) {
        marks->present[member] = present;
        marks->present_changed[member] = ++marks->change;
    }
}

static struct step_marks *marks_step(struct marks *marks, uint16_t step)
{
    if (marks->steps[step] == NULL) {
        marks->steps[step] = calloc(1, sizeof *marks->steps[step]);
    }
    return marks->steps[step];
}

/* Sets the flags of a member at a step that are in mask. */
static enum status marks_set(struct marks *marks, uint16_t step, uint16_t member, uint8_t mask,
                             uint8_t flags)
{
    struct step_marks *found = marks_step(marks, step);
    uint8_t after = 0;

    if (found == NULL) {
        return STATUS_NOMEM;
    }
    after = (uint8_t)((found->members[member].flags & ~mask) | flags);
    if (after != found->members[member].flags) {
        found->members[member].flags = after;
        marks_touch(marks, step, member);
    }
    return STATUS_OK;
}

enum status marks_signal(struct marks *marks, uint16_t step, uint16_t member,
                         enum message_signal signal)
{
    static const uint8_t flag_of[] = {
        [MESSAGE_SIGNAL_NONE] = 0,
        [MESSAGE_SIGNAL_READY] = MESSAGE_MARK_READY,
        [MESSAGE_SIGNAL_MORE_TIME] = MESSAGE_MARK_MORE_TIME,
        [MESSAGE_SIGNAL_QUESTION] = MESSAGE_MARK_QUESTION,
    };

    return marks_set(marks, step, member, SIGNALS, flag_of[signal]);
}

enum status marks_write(struct marks *marks, uint16_t step, uint16_t member, bool writing)
{
    return marks_set(marks, step, member, MESSAGE_MARK_WRITING,
                     writing ? MESSAGE_MARK_WRITING : 0);
}

void marks_answer(struct marks *marks, uint16_t step, uint16_t member)
{
    if (marks->steps[step] != NULL) {
        marks->steps[step]->members[member].flags &= (uint8_t)~MESSAGE_MARK_WRITING;
    }
    marks_touch(marks, step, member);
}

void marks_touch(struct marks *marks, uint16_t step, uint16_t member)
{
    struct step_marks *found = marks_step(marks, step);

    if (found != NULL) { /* without memory for it the news comes with the next attach */
        found->changed = ++marks->change;
        found->members[member].changed = found->changed;
    }
}

void marks_touch_all(struct marks *marks)
{
    marks->change++;
    for (size_t step = 0; step <= STEPS_MAX; step++) {
        struct step_marks *found = marks->steps[step];

        for (size_t i = 0; found != NULL && i <= MEMBERS_MAX; i++) {
            found->members[i].changed = marks->change;
        }
        if (found != NULL) {
            found->changed = marks->change;
        }
    }
}

void marks_reset(struct marks *marks, uint16_t step)
{
    struct step_marks *found = marks_step(marks, step);

    if (found == NULL) {
        return;
    }
    found->changed = ++marks->change;
    for (size_t i = 0; i <= MEMBERS_MAX; i++) {
        if (found->members[i].flags != 0) {
            found->members[i].flags = 0;
            found->members[i].changed = found->changed;
        }
    }
}

void marks_leave(struct marks *marks, uint16_t member)
{
    for (size_t step = 0; step <= STEPS_MAX; step++) {
        struct step_marks *found = marks->steps[step];

        if (found != NULL && found->members[member].flags != 0) {
            found->members[member].flags = 0;
            marks_touch(marks, (uint16_t)step, member);
        }
    }
}

void marks_last_call(struct marks *marks, uint16_t step, uint32_t seconds, uint64_t now_ms)
{
    marks->last_call_step = step;
    marks->last_call_until_ms = seconds == 0 ? 0 : now_ms + (uint64_t)seconds * SECOND_MS;
    marks->last_call_changed = ++marks->change;
}
