/* coverage_exit.c - a child that leaves by _exit() tells what it reached
 * (make coverage links it in by --wrap). */
void __gcov_dump(void);
void __real__exit(int code) __attribute__((noreturn));
void __wrap__exit(int code) __attribute__((noreturn));

void
__wrap__exit(int code)
{
	__gcov_dump();
	__real__exit(code);
}
