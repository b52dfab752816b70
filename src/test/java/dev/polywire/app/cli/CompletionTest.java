package dev.polywire.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script, asked as a shell asks it. */
class CompletionTest {

    @ParameterizedTest
    @CsvSource({
        "polywire st, 1, stream status",
        "polywire c, 1, check call completion",
        "polywire call --ti, 2, --timeout",
        "polywire run --cl, 2, --cluster",
    })
    void aShellCompletes(String words, int word, String offered, @TempDir Path directory) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"),
                Ran.command("completion").require(0).out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$1\"; compopt() { :; }; COMP_WORDS=($2); COMP_CWORD=$3; _complete_polywire;"
                                + " echo \"${COMPREPLY[@]}\"; complete -p polywire",
                        "bash",
                        script.toString(),
                        words,
                        Integer.toString(word))
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes());
        assertEquals(0, bash.waitFor(), said);
        assertEquals(offered, said.lines().findFirst().orElse(""), said);
        assertTrue(said.contains("complete -o default -F _complete_polywire polywire"), said);
    }
}
