/* fault_scene.h - the life of a small list, step by step, each one committed:
 * rows by struct work, an import, removals, an undo, what runs out. */
#ifndef FAULT_SCENE_H
#define FAULT_SCENE_H

#include "work/work.h"

#define SCENE_STEPS 14
#define SCENE_ROWS 40 /* of one piece */
#define SCENE_PIECES 6

struct scene {
	struct config config;
	struct rules *rules;
	struct buf rows;
	size_t piece_end[SCENE_PIECES];
	struct store *store;
	struct work *work;
	uint64_t asked; /* what the last asking step was told, as a hash */
};

/* Rules and rows; once. The files are in the folder we stand in. */
/* Rows in memory as a source; whole: no more will come. */
struct scene_piece {
	struct str bytes;
	bool whole;
};
bool scene_piece_read(void *ctx, struct piece *in, struct err *e);

bool scene_init(struct scene *s, struct err *e);
void scene_release(struct scene *s);

void scene_wipe(void);
bool scene_open(struct scene *s, struct err *e);
void scene_close(struct scene *s);
/* Step i of SCENE_STEPS; false: nothing of it stands, unless the commit itself
 * failed. */
bool scene_step(struct scene *s, size_t i, struct err *e);
const char *scene_step_name(size_t i);
/* After a failure, as the worker does before it tries again. */
void scene_abandon(struct scene *s);

/* dumps[i]: as it stands before step i; the last one: at the end. */
struct scene_truth {
	struct buf dump[SCENE_STEPS + 1];
};
/* A clean run. */
bool scene_learn(struct scene *s, struct scene_truth *t, struct err *e);
/* The first i from `from` to `to` whose dump the database has, or -1. */
int scene_where(struct scene *s, const struct scene_truth *t, size_t from,
    size_t to, struct err *e);
/* SQLite's own check of the file, by a plain connection. */
bool scene_sound(struct err *e);
/* An error says what is wrong: a code and words. */
bool scene_told(const struct err *e);

#endif
