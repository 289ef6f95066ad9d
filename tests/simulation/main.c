/* simulation -- runs many seeded worlds and stops at the first that breaks a rule.
 *
 *   simulation [--seeds N] [--seed S] [--steps N] [--verbose] [--tap]
 *
 * --seed S runs that one, or begins with it if --seeds is given too. A seed that failed fails
 * again, in the same way: the trace hash says so, and is compared here every few seeds. */
#include <getopt.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>

#include "tests/simulation/world.h"

enum { SEEDS_DEFAULT = 200, STEPS_DEFAULT = 400000, REPEATED_EVERY = 20 };

struct options {
    uint64_t seeds;
    uint64_t first;
    uint64_t steps_max;
    bool verbose;
    bool tap;
};

static struct options options_read(int argc, char **argv)
{
    static const struct option names[] = {
        {"seeds", required_argument, NULL, 'n'}, {"seed", required_argument, NULL, 's'},
        {"steps", required_argument, NULL, 'm'}, {"verbose", no_argument, NULL, 'v'},
        {"tap", no_argument, NULL, 't'},         {NULL, 0, NULL, 0},
    };
    struct options options = {.first = 1, .steps_max = STEPS_DEFAULT};
    bool one = false;
    int option = 0;

    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (option) {
        case 'n':
            options.seeds = strtoull(optarg, NULL, 10);
            break;
        case 's':
            options.first = strtoull(optarg, NULL, 10);
            one = true;
            break;
        case 'm':
            options.steps_max = strtoull(optarg, NULL, 10);
            break;
        case 'v':
            options.verbose = true;
            break;
        case 't':
            options.tap = true;
            break;
        default:
            fprintf(stderr, "usage: simulation [--seeds N] [--seed S] [--steps N] [--verbose] "
                            "[--tap]\n");
            exit(64);
        }
    }
    if (options.seeds == 0) {
        options.seeds = one ? 1 : SEEDS_DEFAULT;
    }
    return options;
}

static void print_tally(const char *label, uint64_t number, const struct tally *tally)
{
    printf("# %s %" PRIu64 ": %u acknowledged (%u came again), %u delivered, %u read; %u cuts, "
           "%u connections replaced, %u crashes (%u batches lost, %u unheard of), "
           "%u batches refused\n",
           label, number, tally->appended, tally->held, tally->delivered, tally->read,
           tally->cuts, tally->replaced, tally->crashes, tally->lost, tally->unheard,
           tally->failed);
}

static void add_tally(struct tally *sum, const struct tally *tally)
{
    sum->appended += tally->appended;
    sum->held += tally->held;
    sum->delivered += tally->delivered;
    sum->read += tally->read;
    sum->cuts += tally->cuts;
    sum->replaced += tally->replaced;
    sum->crashes += tally->crashes;
    sum->lost += tally->lost;
    sum->unheard += tally->unheard;
    sum->failed += tally->failed;
}

static bool has_all(const struct tally *sum)
{
    return sum->appended > 0 && sum->held > 0 && sum->delivered > 0 && sum->read > 0 &&
           sum->cuts > 0 && sum->replaced > 0 && sum->crashes > 0 && sum->lost > 0 &&
           sum->unheard > 0 && sum->failed > 0;
}

/* Gives trace and tally; a failure is printed. */
static bool run(const struct options *options, uint64_t seed, struct world *world,
                uint64_t *trace_out, struct tally *sum)
{
    bool good = false;

    world_run(world, seed, options->steps_max, options->verbose);
    *trace_out = world_trace(world);
    good = !world_has_failed(world);
    if (!good) {
        printf("# seed %" PRIu64 ", step %" PRIu64 ", %.3f s, trace %016" PRIx64 ": %s\n"
               "# replay: simulation --seed %" PRIu64 " --verbose\n",
               seed, world->step_count, (double)(world->now_ms - WORLD_START_MS) / 1000,
               *trace_out, world->failure, seed);
    }
    if (options->verbose || options->seeds == 1) {
        print_tally("seed", seed, &world->tally);
    }
    add_tally(sum, &world->tally);
    world_finish(world);
    return good;
}

int main(int argc, char **argv)
{
    struct options options = options_read(argc, argv);
    struct world *world = malloc(sizeof *world);
    struct tally sum = {0};
    uint64_t failed = 0;
    uint64_t differing = 0;
    uint64_t all = 0;
    bool stormy = true;

    if (world == NULL || sodium_init() < 0) {
        return EXIT_FAILURE;
    }
    for (uint64_t i = 0; i < options.seeds && failed == 0; i++) {
        uint64_t seed = options.first + i;
        uint64_t trace = 0;
        uint64_t again = 0;

        failed += !run(&options, seed, world, &trace, &sum);
        all ^= trace * (2 * i + 1);
        if (failed == 0 && !options.verbose && i % REPEATED_EVERY == 0) {
            failed += !run(&options, seed, world, &again, &sum);
            differing += trace != again;
        }
    }
    free(world);
    print_tally("seeds", options.seeds, &sum);
    stormy = failed > 0 || options.seeds < SEEDS_DEFAULT || has_all(&sum);
    printf("%s 1 - %" PRIu64 " seeds from %" PRIu64 " keep every rule\n",
           failed == 0 ? "ok" : "not ok", options.seeds, options.first);
    printf("%s 2 - the same seed gives the same trace (all of them: %016" PRIx64 ")\n",
           differing == 0 ? "ok" : "not ok", all);
    printf("%s 3 - what can break did break\n", stormy ? "ok" : "not ok");
    if (options.tap) {
        printf("1..3\n");
    }
    return failed == 0 && differing == 0 && stormy ? EXIT_SUCCESS : EXIT_FAILURE;
}
