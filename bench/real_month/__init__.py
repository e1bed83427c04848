"""A month of real size: lines in six regions at once, on PostgreSQL, with everything that runs.

`loop28 serve` with two web processes and its worker, one more `loop28 worker`, somebody with a
browser who looks at pages all the while; and every few minutes one of the workers is killed.
"""
