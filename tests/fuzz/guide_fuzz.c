/* Any bytes as a guide, as a case against a guide, and as a case in Markdown. What is accepted
 * must also resolve: a file that check accepts never fails in a session. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "client/guide/case.h"
#include "client/guide/check.h"
#include "client/guide/playable.h"
#include "client/guide/resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char guide_text[] =
    "kring-guide: 1\nid: g\nlanguage: en\ntitle: G\nlists: {l: [One]}\nphases:\n"
    "- {id: p, title: P, steps: [{id: r, kind: read, title: The text, material: m, ask: What?},"
    "{id: q, kind: question, items: [One, {text: Two, needs: [n]}], explanation: e},"
    "{id: c, kind: choice, choice: k, explanation: e}, {id: w, kind: question, per: people},"
    "{id: v, kind: comparison, materials: [m, n], beside: [l, q]},"
    "{id: t, kind: perspectives, prompts: l}]}\n";

static void play(const struct guide *guide, const struct case_file *case_file,
                 struct report *report)
{
    struct resolved *resolved = NULL;
    enum status status = resolve_session(guide, case_file, NULL, &resolved);

    assert(status == STATUS_OK || status == STATUS_NOMEM);
    if (status == STATUS_OK) {
        (void)!playable_check(resolved, report);
    }
    resolved_destroy(resolved);
}

static void try_guide(struct bytes bytes, struct report *report)
{
    struct guide *guide = NULL;
    enum status status = guide_read(bytes, "guide.yaml", report, &guide);

    assert((status == STATUS_OK) == (guide != NULL));
    assert((status == STATUS_OK) == (report_count(report, REPORT_ERROR) == 0) ||
           status == STATUS_NOMEM);
    if (guide != NULL) {
        play(guide, NULL, report);
    }
    guide_destroy(guide);
}

static void try_case(struct bytes bytes, const struct guide *guide, bool markdown,
                     struct report *report)
{
    struct case_file *case_file = NULL;
    enum status status = markdown
                             ? case_read_markdown(bytes, "case.md", guide, report, &case_file)
                             : case_read(bytes, "case.yaml", report, &case_file);

    assert((status == STATUS_OK) == (case_file != NULL));
    if (case_file != NULL && check_case(guide, case_file, report) == STATUS_OK) {
        play(guide, case_file, report);
    }
    case_destroy(case_file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes known = {.data = (const uint8_t *)guide_text,
                                .count = sizeof guide_text - 1};
    struct guide *guide = NULL;

    for (int way = 0; way < 3; way++) {
        struct report *report = NULL;

        if (report_create(&report) != STATUS_OK) {
            return 0;
        }
        if (way == 0) {
            try_guide((struct bytes){.data = data, .count = size}, report);
        } else if (guide != NULL || guide_read(known, "g", report, &guide) == STATUS_OK) {
            try_case((struct bytes){.data = data, .count = size}, guide, way == 2, report);
        } else {
            abort(); /* the guide above is wrong */
        }
        report_destroy(report);
    }
    guide_destroy(guide);
    return 0;
}
