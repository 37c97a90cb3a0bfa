#!/usr/bin/env python3
"""`sage lint`: what it finds, how it shows it; `sage test`: rows in, rows out."""

import unittest

from shell import NUMBERS, SageTest

WARNS = NUMBERS.replace('use = "probe/add"', 'use = "probe/add"\nresources = { num_cpus = 1 }')


class Lint(SageTest):
    def test_a_good_file_is_ok(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("lint", "p.toml", code=0)
        self.assertEqual((done.out, done.err), ("", "p.toml: ok\n"))
        self.assertEqual(self.sage("lint", "-q", "p.toml", code=0).err, "")

    def test_an_unknown_key_is_shown_in_its_line_with_what_is_meant(self):
        self.write("p.toml", NUMBERS.replace('id  = "add"', 'id  = "add"\nparalelism = 2'))
        done = self.sage("lint", "p.toml", code=78)
        self.assertEqual(
            done.err,
            "error[SAGE-E0106]: unknown key `paralelism` of stage `add`\n"
            "  --> p.toml:12:1\n"
            "   |\n"
            "12 | paralelism = 2\n"
            "   | ^^^^^^^^^^ did you mean `parallelism`?\n"
            "p.toml: 1 error, 0 warnings\n",
        )

    def test_everything_is_found_in_one_go(self):
        text = NUMBERS.replace("count =", "cuont =").replace("probe/even", "probe/evn")
        self.write("p.toml", text.replace('id  = "out"', 'id  = "out"\nkey_by = "m"'))
        done = self.sage("lint", "p.toml", code=78)
        for says in ("did you mean `count`?", "did you mean `even`?"):
            self.assertIn(says, done.err)
        self.assertRegex(done.err, r"p\.toml: [23] errors, 0 warnings\n$")

    def test_wrong_fields_are_found_before_anything_runs(self):
        self.write("p.toml", NUMBERS.replace('"probe/add"', '"probe/total"\nkey_by = "kye"'))
        done = self.sage("lint", "p.toml", code=78)
        self.assert_explained(done, "E0212", r"p\.toml:13:10")
        self.assertIn("did you mean `key`?", done.err)

    def test_several_files_are_checked_each(self):
        self.write("a.toml", NUMBERS)
        self.write("b.toml", NUMBERS.replace("count =", "cuont ="))
        self.write("c.toml", WARNS)
        done = self.sage("lint", "a.toml", "b.toml", "c.toml", code=78)
        for line in ("a.toml: ok", "b.toml: 1 error, 0 warnings", "c.toml: 0 errors, 1 warning"):
            self.assertIn(line, done.err.splitlines())
        # A file that is not there weighs more than one that is wrong.
        self.sage("lint", "b.toml", "nix.toml", "a.toml", code=74)

    def test_warnings_count_only_if_they_are_denied(self):
        self.write("p.toml", WARNS)
        done = self.sage("lint", "p.toml", code=0)
        self.assertIn("warning[SAGE-W0101]: ", done.err)
        done = self.sage("lint", "p.toml", "--deny-warnings", code=78)
        self.assert_explained(done, "E0809")
        self.sage("lint", "p.toml", "--deny-warnings", "-o", "json", code=78)
        self.write("p.toml", NUMBERS)
        self.sage("lint", "p.toml", "--deny-warnings", code=0)

    def test_wrong_rows_of_tests_are_found(self):
        test = '[[test]]\nname = "t"\nat = "add"\ngiven = [{ n = 1 }]\nwant = []\n'
        self.write("p.toml", NUMBERS + test)
        done = self.sage("lint", "p.toml", code=78)
        self.assert_explained(done, "E0225", r"p\.toml:24:10")
        self.assertIn("`key`", done.err)

    def test_nothing_of_a_pipeline_is_opened(self):
        self.write("p.toml", NUMBERS)
        before = sorted(self.folder.rglob("*"))
        self.sage("lint", "p.toml", code=0)
        self.assertEqual(sorted(self.folder.rglob("*")), before)


class Tests(SageTest):
    def outcome(self, test, code=0, text=NUMBERS):
        self.write("p.toml", text + "\n[[test]]\n" + test)
        return self.sage("test", "p.toml", code=code)

    def test_what_passes_is_named_and_counted(self):
        done = self.outcome('name="adds"\nat="add"\ngiven=[{n=1,key=5}]\nwant=[{n=2,key=5}]')
        self.assertEqual(done.out, "pass  adds\n")
        self.assertEqual(done.err, "1 passed, 0 failed\n")

    def test_the_order_of_rows_does_not_matter_but_their_number_does(self):
        given = "given=[{n=1,key=1},{n=2,key=1},{n=2,key=1}]\n"
        one, two = "{n=2,key=1}", "{n=3,key=1}"
        head = 'name="t"\nat="add"\n' + given
        self.outcome(f"{head}want=[{two},{one},{two}]")
        self.outcome(f"{head}want=[{two},{one}]", code=1)
        self.outcome(f"{head}want=[{two},{one},{one}]", code=1)

    def test_a_failure_shows_what_was_wanted_and_what_came(self):
        done = self.outcome(
            'name="t"\nat=["add","even"]\ngiven=[{n=1,key=1},{n=2,key=1}]\n'
            "want=[{n=2,key=1},{n=4,key=1}]",
            code=1,
        )
        self.assertEqual(
            done.out,
            "FAIL  t\n"
            "  at p.toml:22:1 (SAGE-E0610)\n"
            "  given\n"
            '    {"n":1,"key":1}\n'
            '    {"n":2,"key":1}\n'
            "  missing\n"
            '    {"n":4,"key":1}\n'
            "  not wanted nothing\n"
            "  got, all in all:\n"
            '    {"n":2,"key":1}\n',
        )
        self.assertEqual(done.err, "0 passed, 1 failed\n")

    def test_keyed_stages_see_the_end_and_work_by_key_whatever_their_parallelism(self):
        text = NUMBERS.replace(
            'use = "probe/even"', 'use = "probe/total"\nkey_by = "key"\nparallelism = 8'
        )
        given = ",".join(f"{{n={n},key={n % 3}}}" for n in range(30))
        sums = [sum(n + 1 for n in range(30) if n % 3 == key) for key in range(3)]
        want = ",".join(f"{{n={total},key={key}}}" for key, total in enumerate(sums))
        test = f'name="t"\nat=["add","even"]\ngiven=[{given}]\nwant=[{want}]'
        self.outcome(test, text=text)

    def test_a_file_without_tests_says_so(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("test", "p.toml", code=0)
        self.assertIn("p.toml has no [[test]]", done.err)
        self.assertEqual(self.sage("test", "p.toml", "-o", "json", code=0).json["tests"], [])

    def test_sources_sinks_and_branches_are_no_path_of_a_test(self):
        rows = "given=[]\nwant=[]"
        branch = '[[stage]]\nid="again"\nfrom="add"\nuse="probe/tally"\n'
        for at, text, says in (
            ('"src"', NUMBERS, "is a source"),
            ('["add","out"]', NUMBERS, "is a sink"),
            ('["even","add"]', NUMBERS, "no path without branches"),
            ('["add","even"]', NUMBERS + branch, "no path without branches"),
        ):
            with self.subTest(at):
                done = self.outcome(f'name="t"\nat={at}\n{rows}', code=78, text=text)
                self.assert_explained(done, "E0226", r"p\.toml:\d+:\d+")
                self.assertIn(says, done.err)

    def test_a_stage_that_is_not_there_is_an_error_of_the_file(self):
        done = self.outcome('name="t"\nat="ad"\ngiven=[]\nwant=[]', code=78)
        self.assert_explained(done, "E0201", r"p\.toml:24:4")
        self.assertIn("did you mean `add`?", done.err)

    def test_rows_are_typed_by_the_stage(self):
        for row, says in (
            ("{n=1}", "the row has no `key`"),
            ('{n="1",key=1}', "`n` is int64, and the value is text"),
            ("{n=1.5,key=1}", "`n` is int64"),
            ("{n=1,key=1,kye=1}", "did you mean `key`?"),
        ):
            for given, want in ((row, ""), ("", row)):
                with self.subTest(given=given, want=want):
                    test = f'name="t"\nat="add"\ngiven=[{given}]\nwant=[{want}]'
                    done = self.outcome(test, code=78)
                    self.assert_explained(done, "E0225", r"p\.toml:2[56]:\d+")
                    self.assertIn(says, done.err)
                    self.assertEqual(done.out, "")

    def test_a_wrong_test_is_an_error_of_the_file_as_lint_says_and_none_is_run(self):
        good = 'name="good"\nat="add"\ngiven=[{n=1,key=5}]\nwant=[{n=3,key=5}]\n[[test]]\n'
        done = self.outcome(good + 'name="t"\nat="add"\ngiven=[{n=1}]\nwant=[]', code=78)
        self.assertEqual(done.out, "")
        found = self.sage("lint", "-q", "p.toml", code=78)
        self.assertEqual(found.err, done.err)
        (error,) = self.sage("test", "p.toml", "-o", "json", code=78).json["errors"]
        place = [error[member] for member in ("code", "file", "line", "column")]
        self.assertEqual(place, ["SAGE-E0225", "p.toml", 30, 8])

    def test_what_a_stage_rejects_is_treated_as_in_a_job(self):
        text = NUMBERS.replace('"probe/add"', '"probe/misbehave"\nwith={every=2,what="reject"}')
        test = 'name="t"\nat="add"\ngiven=[{n=0,key=1},{n=1,key=1}]\nwant=[{n=0,key=1}]'
        done = self.outcome(test, code=1, text=text)
        self.assertIn("error[SAGE-E0611]", done.out)
        self.assertIn("told to reject", done.out)
        self.assertIn('record: {"n":1,"key":1}', done.out)
        skipping = text.replace('what="reject"}', 'what="reject"}\non_error="skip"')
        self.outcome(test, text=skipping)

    def test_every_test_runs_though_one_fails(self):
        one = 'name="{}"\nat="add"\ngiven=[{{n=1,key=1}}]\nwant=[{{n={},key=1}}]\n[[test]]\n'
        tests = one.format("first", 3) + one.format("second", 2) + one.format("third", 4)
        done = self.outcome(tests.removesuffix("[[test]]\n"), code=1)
        shown = [line for line in done.out.splitlines() if line[:4] in ("pass", "FAIL")]
        self.assertEqual(shown, ["FAIL  first", "pass  second", "FAIL  third"])
        self.assertEqual(done.err, "1 passed, 2 failed\n")
        names = self.sage("test", "p.toml", "-o", "name", code=1).out
        self.assertEqual(names, "first\nthird\n")


if __name__ == "__main__":
    unittest.main()
