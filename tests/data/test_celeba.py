"""CelebA in its two forms, a table with forty booleans and a folder with a list: what is known of which picture."""

import logging

import datasets
import numpy as np
import pytest
import torch
from PIL import Image

import gansmith
from gansmith.cli.main import main
from gansmith.data import Source, celeba, open_dataset
from gansmith.data.memory import from_memory
from gansmith.errors import GansmithError

pytestmark = pytest.mark.usefixtures("cache")
HEADER = (
    "5_o_Clock_Shadow Arched_Eyebrows Attractive Bags_Under_Eyes Bald Bangs Big_Lips Big_Nose Black_Hair Blond_Hair "
    "Blurry Brown_Hair Bushy_Eyebrows Chubby Double_Chin Eyeglasses Goatee Gray_Hair Heavy_Makeup High_Cheekbones Male "
    "Mouth_Slightly_Open Mustache Narrow_Eyes No_Beard Oval_Face Pale_Skin Pointy_Nose Receding_Hairline Rosy_Cheeks "
    "Sideburns Smiling Straight_Hair Wavy_Hair Wearing_Earrings Wearing_Hat Wearing_Lipstick Wearing_Necklace "
    "Wearing_Necktie Young"
)
NAMES = HEADER.split()
YES = np.random.default_rng(1).random((20, 40)) < 0.5
YES[:2] = np.array([True, False])[:, None]
"""Whether a picture has an attribute; each of them is there and is not in some picture."""
TINY = {"steps": 2, "batch": 4, "width": 4, "hidden": 8, "latent": 5, "evaluate_every": 0, "image_size": 16}
YOUNG, SMILING = NAMES.index("Young"), NAMES.index("Smiling")


def known(yes=YES):
    return torch.from_numpy(yes.astype(np.float32))


def portrait(row):
    """A picture of CelebA's size that tells its row by its colour."""
    return Image.new("RGB", (178, 218), (row * 12, 255 - row * 12, 128))


def red(samples):
    """Rows that pictures tell, in spite of JPEG."""
    return (samples[:, 0, 8, 8].float() / 12).round().int().tolist()


@pytest.fixture
def table(tmp_path):
    """Writes a parquet file of twenty pictures with their attributes in columns."""

    def path_of(kind="bool", false=False, true=True, where="celeba.parquet"):
        columns = {n: [true if yes else false for yes in YES[:, i]] for i, n in enumerate(NAMES)}
        rows = {"image": [portrait(row) for row in range(20)], "celeb_id": list(range(100, 120)), **columns}
        features = {"image": datasets.Image(), "celeb_id": datasets.Value("int64")}
        path = tmp_path / where
        path.parent.mkdir(parents=True, exist_ok=True)
        kinds = datasets.Features({**features, **{n: datasets.Value(kind) for n in NAMES}})
        datasets.Dataset.from_dict(rows, kinds).to_parquet(path)
        return str(path)

    return path_of


def listed(kind="txt", words=("-1", "1"), rows=range(20)):
    """Return a list as CelebA has it."""
    lines = [[f"{row + 1:06}.jpg", *(words[int(yes)] for yes in YES[row])] for row in rows]
    if kind == "csv":
        return "".join(",".join(line) + "\r\n" for line in [["image_id", *NAMES], *lines])
    return f"{len(lines)}\n{HEADER} \n" + "".join(" ".join(line) + "\n" for line in lines)


@pytest.fixture
def faces(tmp_path):
    """A folder of twenty JPEG files, without a list."""
    folder = tmp_path / "celeba" / "img_align_celeba"
    folder.mkdir(parents=True)
    for row in range(20):
        portrait(row).save(folder / f"{row + 1:06}.jpg", quality=95)
    return folder


def opened(path, **how):
    return open_dataset(Source(str(path), image_size=16, workers=0, **how))


@pytest.mark.parametrize(("kind", "false", "true"), [("bool", False, True), ("int64", -1, 1), ("int8", 0, 1)])
@pytest.mark.parametrize("limit", [2.0, 0.0])
def test_a_table_has_its_forty_attributes_by_itself(table, kind, false, true, limit):
    data = opened(table(kind, false, true), resident_limit=limit)
    assert data.attribute_names == NAMES and data.found and data.label_names == []
    batch = next(data.batches(20, 3, 0, torch.device("cpu")))
    order = red((batch.x + 1) * 127.5)
    assert sorted(order) == list(range(20)) and torch.equal(batch.attributes, known()[order])


@pytest.mark.parametrize(("kind", "false", "true"), [("bool", False, True), ("int64", -1, 1), ("float32", -1.0, 1.0)])
def test_some_are_chosen_in_the_order_in_which_they_are_named(table, kind, false, true):
    data = opened(table(kind, false, true), attribute_columns="Young, Smiling")
    assert data.attribute_names == ["Young", "Smiling"] and not data.found
    assert torch.equal(data.attributes, known()[:, [YOUNG, SMILING]])
    assert opened(table(), attribute_columns="").attributes is None


def test_a_local_folder_of_the_hubs_form_and_rows_chosen_in_a_program(table, tmp_path):
    table(where="repo/data/train-00000-of-00001.parquet")
    data = opened(f"hub:{tmp_path / 'repo'}", split="train[5:9]")
    assert red(data.samples) == [5, 6, 7, 8] and torch.equal(data.attributes, known()[5:9])
    rows = datasets.Dataset.from_parquet(table()).select([7, 3, 3])
    held = from_memory(rows, None, Source("data", image_size=16))
    assert held.attribute_names == NAMES and torch.equal(held.attributes, known()[[7, 3, 3]])


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("limit", [2.0, 0.0])
@pytest.mark.parametrize(
    ("kind", "words"), [("txt", ("-1", "1")), ("csv", ("-1", "1")), ("csv", ("False", "True")), ("txt", ("0", "1"))]
)
def test_a_list_in_the_folder_or_beside_it_tells_of_its_pictures_by_name(faces, beside, limit, kind, words):
    order = [int(row) for row in np.random.default_rng(2).permutation(20)]
    where = faces.parent if beside else faces
    (where / f"list_attr_celeba.{kind}").write_text(listed(kind, words, order), newline="")
    data = opened(faces, resident_limit=limit)
    assert data.attribute_names == NAMES and data.found
    batch = next(data.batches(20, 3, 0, torch.device("cpu")))
    assert torch.equal(batch.attributes, known()[red((batch.x + 1) * 127.5)])
    some = opened(faces, attribute_columns="Young,Smiling")
    assert red(some.samples) == list(range(20)) and torch.equal(some.attributes, known()[:, [YOUNG, SMILING]])


def test_a_folder_above_with_the_list_opens_too_and_its_classes_stay(faces):
    (faces.parent / "list_attr_celeba.txt").write_text(listed())
    assert torch.equal(opened(faces.parent).attributes, known())
    (faces.parent / "more").mkdir()
    (faces / "000001.jpg").rename(faces.parent / "more" / "000001.jpg")
    data = opened(faces.parent)
    assert data.labels.tolist() == [0] * 19 + [1] and data.label_names == ["img_align_celeba", "more"]
    assert torch.equal(data.attributes, known()[[*range(1, 20), 0]])


def test_a_folder_without_a_list_is_as_it_was(faces):
    data = opened(faces)
    assert data.attributes is None and data.attribute_names == [] and not data.found
    with pytest.raises(GansmithError, match="--attribute-columns Young: in a folder of images the subfolders are"):
        opened(faces, attribute_columns="Young")
    (faces / "list_attr_celeba.txt").write_text(listed())
    for column in ("image_column", "label_column"):
        with pytest.raises(GansmithError, match="Young: in a folder of images the subfolders are the labels"):
            opened(faces, **{column: "Young"})


def test_a_list_beside_that_is_of_other_pictures_is_left_alone(faces):
    (faces.parent / "list_attr_celeba.txt").write_text(listed())
    samples = faces.parent / "samples"
    samples.mkdir()
    portrait(0).save(samples / "0.png")
    assert opened(samples).attributes is None
    with pytest.raises(GansmithError, match=r"celeba/list_attr_celeba.txt: no line for 0.png in .*/samples"):
        opened(samples, attribute_columns="Young")


def test_listed_pictures_that_are_not_there_are_counted_and_unreadable_ones_left_out(faces, caplog):
    (faces / "list_attr_celeba.txt").write_text(listed())
    for row in (4, 9):
        (faces / f"{row + 1:06}.jpg").unlink()
    (faces / "000001.jpg").write_bytes(b"no picture")
    with caplog.at_level(logging.INFO, "gansmith"), pytest.warns(UserWarning, match="skipped 1 of 18"):
        data = opened(faces)
    rows = [row for row in range(1, 20) if row not in (4, 9)]
    assert red(data.samples) == rows and torch.equal(data.attributes, known()[rows])
    assert [r.getMessage() for r in caplog.records] == [
        f"{faces}/list_attr_celeba.txt: 2 of the 20 pictures in it are not in {faces}"
    ]


TEXT, COMMAS = listed(), listed("csv")
BROKEN = {
    "lacking": ("txt", listed(rows=range(1, 18)), "txt: no line for 000001.jpg and 2 more in "),
    "short": (
        "txt",
        TEXT.replace("000004.jpg -1", "000004.jpg"),
        "txt, line 6: 39 values for 000004.jpg, and .* 40 at",
    ),
    "long": (
        "csv",
        COMMAS.replace("000004.jpg", "000004.jpg,1"),
        "csv, line 5: 41 values for 000004.jpg, and .* 40 at",
    ),
    "twice": ("txt", TEXT + TEXT.splitlines()[4] + "\n", "txt, line 23: 000003.jpg is in line 5 too: leave out one"),
    "value": (
        "txt",
        TEXT.replace("02.jpg -1", "02.jpg -2"),
        "txt, line 4: column '5_o_Clock_Shadow' holds '-2': write",
    ),
    "mixed": ("txt", TEXT.replace("02.jpg -1", "02.jpg 0"), "column '5_o_Clock_Shadow' holds 0 in line 4 of .*txt: at"),
    "count": ("txt", TEXT[TEXT.index("\n") + 1 :], "txt, line 1: '5_o_Clock_.*' is no number of pictures: that goes"),
    "names": ("csv", "image_id\n", "csv, line 1: no names of attributes"),
    "empty": ("txt", "", "txt, line 1: '' is no number of pictures"),
    "same": ("csv", COMMAS.replace("Bald", "Bangs"), "csv, line 1: Bangs is there twice"),
    "bytes": ("txt", b"20\n\xff\xfe", "txt: not a readable list of attributes"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("beside", [False, True])
def test_a_damaged_list_is_one_line_with_its_name(faces, kind, beside):
    ending, text, told = BROKEN[kind]
    path = (faces.parent if beside else faces) / f"list_attr_celeba.{ending}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(GansmithError, match=told) as caught:
        opened(faces, attribute_columns="5_o_Clock_Shadow")
    assert "\n" not in str(caught.value) and str(path) in str(caught.value)


def test_an_attribute_that_the_list_has_not_is_one_line(faces):
    (faces / "list_attr_celeba.txt").write_text(listed())
    with pytest.raises(GansmithError, match="unknown column 'Yuong': did you mean 'Young'"):
        opened(faces, attribute_columns="Yuong")


@pytest.mark.parametrize("form", ["folder", "table"])
def test_an_attribute_gan_takes_all_says_so_and_is_asked_for_one(form, faces, table, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (faces.parent / "list_attr_celeba.txt").write_text(listed())
    data = str(faces) if form == "folder" else table()
    flags = [str(word) for name, value in TINY.items() for word in (f"--{name.replace('_', '-')}", value)]
    assert main(["train", "attribute-gan", "--data", data, "--out", "run", *flags]) == 0
    told = "attributes: 40 found by themselves (5_o_Clock_Shadow, Arched_Eyebrows, Attractive, Bags_Under_Eyes, …); "
    assert capsys.readouterr().err.count(told + "--attribute-columns chooses some") == 1
    drawn = []
    for value in (0, 1):
        words = ["--attributes", f"Young={value}", "--count", "3", "--out", f"{value}.npz"]
        assert main(["sample", "run", *words]) == 0
        drawn.append(np.load(f"{value}.npz")["samples"])
    assert drawn[0].shape == (3, 3, 16, 16) and not np.array_equal(*drawn)
    assert main(["data", data]) == 0
    assert "; attributes: 5_o_Clock_Shadow, Arched" in capsys.readouterr().out


def test_what_is_chosen_or_not_asked_for_is_not_told(table, tmp_path, capsys):
    chosen = gansmith.recipe("attribute-gan", **TINY, data=table(), attribute_columns="Young,Smiling")
    gan = gansmith.train(chosen, tmp_path / "a")
    assert gan.sample(2, attributes={"Young": 1}).shape == (2, 3, 16, 16)
    gansmith.train(gansmith.recipe("dcgan", **TINY, data=table()), tmp_path / "b")
    assert "found by themselves" not in capsys.readouterr().err


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_lines_of_a_list_are_those_that_hold_anything(tmp_path, mark):
    """A cell may be empty, as the first of a header often is; a line may not."""
    path = tmp_path / "list.csv"
    path.write_text(f"{mark}Young{mark}Male\n\n{mark}{mark}\na.jpg{mark}1{mark}\n", encoding="utf-8-sig")
    assert [*celeba._rows(path)] == [(1, ["", "Young", "Male"]), (4, ["a.jpg", "1", ""])]
    path = tmp_path / "list.txt"
    path.write_text("2\nYoung Male\n\n  \na.jpg 1 -1\n")
    assert [*celeba._rows(path)] == [(1, ["2"]), (2, ["Young", "Male"]), (5, ["a.jpg", "1", "-1"])]
