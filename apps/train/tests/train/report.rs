//! The report in a real browser: cells that show their pictures, on a desk, on a phone and in the dark.

use crate::run;
use browser_test::Browser;
use nn_data::{Dataset, Size, csv};
use std::path::{Path, PathBuf};

/// The cell in this row and column of the matrix.
fn cell(row: u64, column: u64) -> String {
    format!("document.querySelector('.matrix').tBodies[0].rows[{row}].cells[{}]", column + 1)
}

/// The cell that has the focus, as row and column.
const FOCUS: &str = "[document.activeElement.parentElement.rowIndex - 1, document.activeElement.cellIndex - 1]";
/// The pictures that stand below the matrix.
const SHOWN: &str = "document.querySelectorAll('#cell figure .picture').length";

/// The pixels of the first picture below the matrix as the browser draws it from the sheet, at a point each.
const PIXELS: &str = "(async () => { const shown = document.querySelector('#cell .picture'), look = getComputedStyle(shown); \
    const sheet = new Image(); sheet.src = look.backgroundImage.slice(5, -2); await sheet.decode(); \
    const zoom = parseFloat(look.backgroundSize) / sheet.naturalWidth; \
    const [x, y] = look.backgroundPosition.split(' ').map((at) => -parseFloat(at) / zoom); \
    const [width, height] = [shown.clientWidth / zoom, shown.clientHeight / zoom]; \
    const canvas = document.createElement('canvas'); [canvas.width, canvas.height] = [width, height]; \
    const paper = canvas.getContext('2d'); paper.drawImage(sheet, -x, -y); \
    const pixels = [...paper.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0); \
    return [width, height, ...pixels]; })()";

/// Trains by a command line in a folder, and returns its report.
fn trained(folder: &Path, line: &str) -> PathBuf {
    run(folder, &format!("{line} --report report.html --quiet")).unwrap();
    folder.join("report.html")
}

/// The address of a file.
fn address(file: &Path) -> String {
    format!("file://{}", file.display())
}

/// A folder in which `data/mnist` is what ships.
fn beside_mnist() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    std::os::unix::fs::symlink(data, folder.path().join("data")).unwrap();
    folder
}

#[test]
fn a_cell_shows_its_pictures() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = beside_mnist();
    let line = "--data data/mnist --limit 4000 --validation 0.1 --layers dense:64,relu --epochs 6 --augment light";
    let page = trained(folder.path(), line);
    let bytes = std::fs::metadata(&page).unwrap().len();
    assert!(bytes < 1_000_000, "{bytes} bytes for 10,000 test pictures");

    browser.open(&address(&page), 1200, false);
    assert!(browser.value(SHOWN).as_u64().unwrap() > 0, "the most frequent mistake is shown at once");
    for (row, column) in [(4, 9), (7, 7), (0, 1)] {
        browser.click(&cell(row, column));
        let samples: u64 =
            browser.value(&format!("{}.textContent", cell(row, column))).as_str().unwrap().parse().unwrap_or(0);
        let shown = browser.value(SHOWN).as_u64().unwrap();
        let heading = browser.value("document.querySelector('#cell h3').textContent");
        let heading = heading.as_str().unwrap();
        assert!(shown == samples || (10..samples).contains(&shown), "{heading}: {shown} of {samples}");
        assert!(heading.starts_with(&format!("{row} read as {column}: ")), "{heading}");
        assert!(samples == 0 || heading.contains(&format!(": {shown} of {samples}, ")), "{heading}");
    }
    let sheet = "(async () => { const image = new Image(); image.src = \
                 getComputedStyle(document.querySelector('#cell .picture, .pictures .picture')).backgroundImage.slice(5, -2); \
                 await image.decode(); return image.naturalWidth; })()";
    assert_eq!(browser.value(sheet), 32 * 28, "the pictures are there");

    browser.click(&cell(0, 0));
    browser.press(&["ArrowLeft", "ArrowUp"]);
    assert_eq!(browser.value(FOCUS), serde_json::json!([0, 0]), "the matrix has an edge");
    browser.press(&["ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp"]);
    assert_eq!(browser.value(FOCUS), serde_json::json!([1, 1]));
    browser.press(&["End", "ArrowDown", "Home", "ArrowRight", "ArrowRight"]);
    assert_eq!(browser.value(FOCUS), serde_json::json!([2, 2]));
    let heading = "document.querySelector('#cell h3').textContent";
    assert!(browser.value(heading).as_str().unwrap().starts_with("0 read as 0: "), "until Enter is pressed");
    browser.press(&["Enter"]);
    assert!(browser.value(heading).as_str().unwrap().starts_with("2 read as 2: "));
    assert_eq!(browser.value("document.querySelectorAll('[aria-selected=true], td[tabindex=\"0\"]').length"), 1);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        browser.click(&cell(4, 9));
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.png");
        std::fs::write(docs, browser.screenshot(1200, 1700)).unwrap();
    }

    browser.open(&address(&page), 360, true);
    assert_eq!(browser.value("document.documentElement.scrollWidth"), 360, "nothing is wider than a phone");
    assert_eq!(browser.value("getComputedStyle(document.body).backgroundColor"), "rgb(21, 24, 28)", "dark");
    browser.click(&cell(3, 5));
    assert!(browser.value(heading).as_str().unwrap().starts_with("3 read as 5: "));
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn a_cell_shows_the_part_of_the_sheet_that_is_its_picture() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    // 60 pictures, each with an empty half and a shade of its own: more than a row of the sheet.
    let picture =
        |i: usize| (0..36).map(move |pixel| if (pixel % 6 < 3) == i.is_multiple_of(2) { 130 + 2 * i as u8 } else { 0 });
    let names: Vec<&str> = ["left", "right"].repeat(30);
    let data = Dataset::from_names(Size::new(6, 6, 1), (0..60).flat_map(picture).collect(), &names, vec![]).unwrap();
    csv::write(&data, &folder.path().join("data.csv")).unwrap();
    let page = trained(folder.path(), "--data data.csv --test data.csv --layers dense:8,relu --epochs 20 --lr 0.01");
    browser.open(&address(&page), 1000, false);
    for (class, name) in ["left", "right"].into_iter().enumerate() {
        browser.click(&cell(class as u64, class as u64));
        let told: Vec<usize> = serde_json::from_value(browser.value(PIXELS)).unwrap();
        assert_eq!(told[..2], [6, 6], "{name}");
        let index = (told.iter().max().unwrap() - 130) / 2; // by its shade
        assert_eq!(index % 2, class, "{name}");
        assert_eq!(told[2..], picture(index).map(usize::from).collect::<Vec<_>>(), "{name}");
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}

#[test]
fn names_from_outside_do_nothing_in_a_browser() {
    let Some(mut browser) = Browser::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let names = ["</script><script>window.bad = 1</script>", "<img src=x onerror='window.bad = 2'>"];
    let pixels = (0..20u8).flat_map(|i| [200 * (i % 2), 200 - 200 * (i % 2)].repeat(18)).collect();
    let data = Dataset::from_names(Size::new(6, 6, 1), pixels, &names.repeat(10), vec![]).unwrap();
    csv::write(&data, &folder.path().join("data.csv")).unwrap();
    let page = trained(folder.path(), "--data data.csv --layers dense:4,relu --epochs 2");
    browser.open(&address(&page), 800, false);
    assert_eq!(browser.value("String(window.bad)"), "undefined");
    assert_eq!(browser.value("document.images.length + document.scripts.length"), 2, "the page's own scripts");
    browser.open(&address(&page), 360, false);
    assert_eq!(browser.value("document.documentElement.scrollWidth"), 360, "long names are no wider than a phone");
    let title = browser.value("document.querySelector('#cell h3 bdi').textContent");
    assert!(names.contains(&title.as_str().unwrap()), "{title}");
    assert_eq!(browser.complaints, Vec::<String>::new());
}
