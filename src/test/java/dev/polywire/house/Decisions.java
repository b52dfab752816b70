package dev.polywire.house;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decisions are files of their own, {@code docs/decisions/NNNN-title.md}, numbered without a gap. */
final class Decisions {

    private static final Pattern PATH = Pattern.compile("docs/decisions/(\\d{4})-[a-z0-9-]+\\.md");
    private static final Pattern TEXT = Pattern.compile("# [^\\n]+\\n\\n20\\d\\d-\\d\\d-\\d\\d\\n\\n\\S[\\s\\S]*\\n");

    private Decisions() {}

    /** Files with another name or form, numbers that two have, and those that none has. */
    static Set<String> wrong(List<SourceFile> files) {
        Set<String> wrong = new TreeSet<>();
        Map<Integer, String> byNumber = new HashMap<>();
        for (SourceFile file : files) {
            if (!file.path().startsWith("docs/decisions/") || file.name().equals("README.md")) {
                continue;
            }
            Matcher path = PATH.matcher(file.path());
            if (!path.matches() || !TEXT.matcher(file.text()).matches()) {
                wrong.add(file.path());
            } else if (byNumber.put(Integer.parseInt(path.group(1)), file.path()) != null) {
                wrong.add("number " + path.group(1) + " twice");
            }
        }
        for (int number = 1; number <= byNumber.size(); number++) {
            if (!byNumber.containsKey(number)) {
                wrong.add("no number " + number);
            }
        }
        return wrong;
    }
}
