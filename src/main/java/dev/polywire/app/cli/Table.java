package dev.polywire.app.cli;

import java.util.ArrayList;
import java.util.List;

/** Text in columns. */
public final class Table {

    private final List<String[]> rows = new ArrayList<>();

    /** @param head the names of the columns */
    public Table(String... head) {
        rows.add(head);
    }

    /** @param cells as many as the header has */
    public void row(String... cells) {
        rows.add(cells);
    }

    /** Each row on its own line. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).append(" ".repeat(width(i) + 2 - row[i].length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }
}
