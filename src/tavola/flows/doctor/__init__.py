"""What `tavola doctor` looks for, as flows: each examines a part of the table, and writes nothing.

An examination reads what is true, strongly consistent, and answers findings. A finding names the
item that is wrong or missing, says what is wrong with it, and where there is one right answer
brings the flow that mends it. What a check asks and means is declared in `checks`. What
`flows.rebuilding` derives is asked there.

A part whose items change between two reads may look wrong though it is not: who examines looks
again before a finding is believed.
"""
