package dev.polywire.house;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * No input in the tree does harm to somebody else's software, and no text says which one would: those kinds that a search
 * finds. Names are in parts here, because this file is searched too.
 */
final class HarmlessInputs {

    /** One more than the greatest of our limits. */
    static final int MAX_LEVELS = 1_001;

    /** What a pickle must not name, in text or in hex. */
    private static final Pattern COMMAND = Pattern.compile("(?<![a-zA-Z])[ci]?(os|nt|posix)(\\.|\\\\n|\\n)(sys"
            + "tem|popen)\\b" + "|(6f73|6e74|706f736978)(0a|(94)?8c06)" + "73797374656d");

    private static final Pattern WEAKNESS = Pattern.compile("\\b(CVE" + "-\\d|GHSA" + "-\\w)");

    /** A number with more digits than anybody can write down. */
    private static final Pattern EXPONENT = Pattern.compile("\\d[eE][+-]?9{5,}");

    /** The opening of a level, again and again: JSON, and in hex what opens one in JSON, pickle, CBOR, PackStream, protobuf. */
    private static final Pattern OPENED =
            Pattern.compile("(\\[|\\{\"a\":|5b|5d|81|91|9f|a1|c1|1b)\\1{" + MAX_LEVELS + ",}");

    /** The same, made when a test runs. */
    private static final Pattern REPEATED =
            Pattern.compile("(?:[\\[\\]{:(]|\"(?:5b|5d|81|91|9f|a1|bf|c1|1b))\"\\.repeat\\(([\\d_]{1,12})\\)");

    private HarmlessInputs() {}

    /** Files with something that does harm. */
    static Set<String> harmful(List<SourceFile> files) {
        return files.stream()
                .filter(file -> doesHarm(file.text()))
                .map(SourceFile::path)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean doesHarm(String text) {
        return COMMAND.matcher(text).find()
                || WEAKNESS.matcher(text).find()
                || EXPONENT.matcher(text).find()
                || OPENED.matcher(text).find()
                || REPEATED.matcher(text).results().anyMatch(HarmlessInputs::isTooDeep);
    }

    private static boolean isTooDeep(MatchResult repeat) {
        return Long.parseLong(repeat.group(1).replace("_", "")) > MAX_LEVELS;
    }
}
