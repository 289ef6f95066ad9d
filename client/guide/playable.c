#include "client/guide/playable.h"

#include "client/say.h"

/* One entry per value; what is not named here is not playable. */
static const bool playable_kinds[] = {
    [GUIDE_READ] = true,       [GUIDE_QUESTION] = true,   [GUIDE_CHOICE] = true,
    [GUIDE_DISCUSSION] = true, [GUIDE_COMMITMENT] = true, [GUIDE_REPORT] = true,
};
static const bool playable_whos[] = {
    [GUIDE_WHO_PARTICIPANTS] = true,
    [GUIDE_WHO_ALL] = true,
    [GUIDE_WHO_OBSERVER] = false,
};
static const bool playable_works[] = {
    [GUIDE_WORK_INDIVIDUAL] = true,
    [GUIDE_WORK_PLENARY] = true,
};
static const bool playable_shares[] = {
    [GUIDE_SHARE_NAMED] = true,
    [GUIDE_SHARE_PRIVATE] = true,
    [GUIDE_SHARE_GROUP_ONLY] = false,
};

#define PLAYABLE(table, value)                                                                 \
    ((size_t)(value) < sizeof(table) / sizeof((table)[0]) && (table)[value])

static void playable_refuse(const struct resolved *resolved, const struct resolved_step *step,
                            const char *key, const char *word, struct report *report)
{
    report_add(report, REPORT_ERROR, resolved->guide->file, step->source->place,
               SAY("step \"%s\": \"%s: %s\" is not playable yet by this version of kring"),
               step->id, key, word);
}

bool playable_check(const struct resolved *resolved, struct report *report)
{
    uint32_t errors = report_count(report, REPORT_ERROR);

    if (resolved->guide->gate.count > 0) {
        report_add(report, REPORT_WARNING, resolved->guide->file, resolved->guide->gate.place,
                   SAY("the gate is not asked yet by this version of kring"));
    }
    for (uint32_t i = 0; i < resolved->step_count; i++) {
        const struct resolved_step *step = &resolved->steps[i];

        if (!PLAYABLE(playable_kinds, step->kind)) {
            playable_refuse(resolved, step, "kind", guide_kind_word(step->kind), report);
            continue;
        }
        if (!PLAYABLE(playable_works, step->work)) {
            playable_refuse(resolved, step, "work", guide_work_word(step->work), report);
        }
        if (!PLAYABLE(playable_shares, step->share)) {
            playable_refuse(resolved, step, "share", guide_share_word(step->share), report);
        }
        /* A report is the observer's by its kind. */
        if (step->kind != GUIDE_REPORT && !PLAYABLE(playable_whos, step->who)) {
            playable_refuse(resolved, step, "who", guide_who_word(step->who), report);
        }
    }
    return report_count(report, REPORT_ERROR) == errors;
}
