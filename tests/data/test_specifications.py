"""Inputs that formats allow and few files are: each is read as it is meant, or refused in one line with a way on."""

import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image

from gansmith.cli.main import main
from gansmith.data import Source, open_dataset
from gansmith.data.labels import read_labels
from gansmith.errors import GansmithError


def test_an_animated_webp_or_png_gives_its_first_frame_and_says_so(pictures, tmp_path):
    frames = [Image.new("RGB", (8, 8), (shade, 0, 0)) for shade in (200, 100, 50)]
    for kind, suffix in (("WEBP", "webp"), ("PNG", "png")):
        more = {"lossless": True} if kind == "WEBP" else {}
        frames[0].save(tmp_path / "one", kind, save_all=True, append_images=frames[1:], **more)
        data = open_dataset(pictures((tmp_path / "one").read_bytes(), suffix=suffix))
        assert int(data.samples[0, 0].min()) == 200
        assert any("several frames" in note for note in data.notes)
        (tmp_path / "pictures" / f"0.{suffix}").unlink()


@pytest.mark.parametrize("form", ["fortran", "big-endian", "both"])
def test_arrays_of_another_order_are_the_same(tmp_path, form):
    """NPY 1.0: fortran_order, and descr with >."""
    samples = np.random.default_rng(0).integers(0, 4096, (6, 8, 8))
    changed = samples.astype(">u2" if form != "fortran" else "<u2")
    changed = changed if form == "big-endian" else np.asfortranarray(changed)
    np.save(tmp_path / "a.npy", samples.astype("<u2"))
    np.savez(tmp_path / "b.npz", x=changed, y=(np.arange(6) % 3).astype(">i4"))
    first, second = (open_dataset(Source(str(tmp_path / name))) for name in ("a.npy", "b.npz"))
    assert torch.equal(first.samples, second.samples)
    assert second.labels.tolist() == [0, 1, 2, 0, 1, 2]


def test_python_objects_are_named_with_what_to_do(tmp_path):
    labels = np.array(["cat", "dog"] * 3, dtype=object)
    np.savez(tmp_path / "a.npz", x=np.zeros((6, 8, 8), np.uint8), y=labels)
    with pytest.raises(GansmithError, match=r"y holds Python objects, which are not read: .*y\.astype\(str\)"):
        open_dataset(Source(str(tmp_path / "a.npz")))


def test_numbers_beyond_float32_are_told_and_coarse_ones_too(tmp_path):
    """IEEE 754: float32 ends at 3.4e38, and counts seconds of 2026 in steps of 128."""
    np.save(tmp_path / "huge.npy", np.array([[1e300, 1.0], [2.0, 3.0]] * 5))
    with pytest.raises(GansmithError, match=r"beyond 3\.4e38, the largest of float32: scale them first"):
        open_dataset(Source(str(tmp_path / "huge.npy")))
    times = 1.79e9 + np.random.default_rng(0).normal(size=(64, 1)) * 600
    np.save(tmp_path / "times.npy", np.concatenate([times, np.ones((64, 1))], axis=1))
    notes = open_dataset(Source(str(tmp_path / "times.npy"))).notes
    assert any("1 columns are kept coarsely in float32, column 0 in steps of about 12" in note for note in notes)
    np.save(tmp_path / "fine.npy", np.random.default_rng(0).normal(size=(64, 2)))
    assert open_dataset(Source(str(tmp_path / "fine.npy"))).notes == []


def test_whole_numbers_of_sixty_four_bits_are_told_where_they_are_rounded(tmp_path):
    np.save(tmp_path / "ids.npy", (2**40 + np.arange(64)).reshape(64, 1))
    assert any("kept coarsely" in note for note in open_dataset(Source(str(tmp_path / "ids.npy"))).notes)


@pytest.mark.usefixtures("cache")
class TestTables:
    """Parquet, by its logical types."""

    def opened(self, path, image, **more):
        pq.write_table(pa.table({"image": image, **more}), path)
        return open_dataset(Source(str(path)))

    @pytest.mark.parametrize("kind", ["large_binary", "dictionary", "struct"])
    def test_bytes_of_every_kind_are_pictures(self, tmp_path, pixels, encode, kind):
        cells = [encode(picture) for picture in pixels]
        image = {
            "large_binary": lambda: pa.array(cells, pa.large_binary()),
            "dictionary": lambda: pa.array(cells, pa.binary()).dictionary_encode(),
            "struct": lambda: pa.array([{"bytes": cell, "path": None} for cell in cells]),
        }[kind]()
        words = pa.array(["a", "b"] * 6, pa.large_string()).dictionary_encode()
        data = self.opened(tmp_path / f"{kind}.parquet", image, label=words)
        assert torch.equal(data.samples[:, 0], torch.from_numpy(pixels))
        assert data.label_names == ["a", "b"]

    def test_what_holds_no_picture_a_row_is_told(self, tmp_path, pixels, encode):
        """Before: "which column holds the images? Use --image-column with one of: image", which leads nowhere."""
        lists = pa.array([[{"bytes": encode(picture), "path": None}] * 2 for picture in pixels])
        for name, image in (("lists", lists), ("urls", pa.array(["http://x/y.png"] * 12))):
            with pytest.raises(
                GansmithError, match=r"no column holds images, encoded as PNG, .*there are image; numbers"
            ):
                self.opened(tmp_path / f"{name}.parquet", image)


def tree(root, *names, count=3):
    for i, name in enumerate(names):
        for j in range(count):
            path = root / name / f"{j}.png" if name else root / f"{j}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((8, 8), 40 * i + 10 * j, np.uint8)).save(path)
    return open_dataset(Source(str(root)))


def test_one_name_in_two_spellings_is_one_class(tmp_path):
    """Unicode Annex 15: é of a Mac's archive is e and an accent. Before: two classes that look the same."""
    names = [unicodedata.normalize(form, "café") for form in ("NFC", "NFD")]
    data = tree(tmp_path / "a", *names, "thé")
    assert data.label_names == ["café", "thé"]
    assert data.frequencies.tolist() == pytest.approx([2 / 3, 1 / 3])
    assert read_labels("labels", [*names, "thé"]).names == ["café", "thé"]


def test_folders_inside_classes_and_pictures_outside_are_said(tmp_path):
    """Before: without a word, and one picture beside the folders took the labels of all."""
    data = tree(tmp_path / "a", "animals/cats", "animals/dogs", "plants/trees")
    assert data.label_names == ["animals", "plants"]
    assert "classes are the 2 outer folders; 3 inside them are not told apart" in data.notes
    data = tree(tmp_path / "b", "cats", "dogs", "")
    assert data.label_names == ["cats", "dogs"]
    assert sorted(data.labels.tolist()) == [-1, -1, -1, 0, 0, 0, 1, 1, 1]
    assert "3 of 9 pictures lie in no folder of a class, and have no label" in data.notes


def test_a_class_without_pictures_is_counted(tmp_path):
    (tmp_path / "a" / "none").mkdir(parents=True)
    assert any("1 empty folders" in note for note in tree(tmp_path / "a", "cats", "dogs").notes)


@pytest.mark.parametrize("form", ["comma", "semicolon", "tab", "bom", "crlf", "quoted"])
def test_a_list_of_attributes_in_every_dialect(tmp_path, form):
    """RFC 4180 and what spreadsheets write. Before, ; and tabs: "no names of attributes"."""
    tree(tmp_path / "a", "", count=2)
    rows = [["image_id", "Male", "Young"], ["0.png", "1", "-1"], ["1.png", "-1", "-1"]]
    mark = {"semicolon": ";", "tab": "\t"}.get(form, ",")
    rows = [[f'"{cell}"' for cell in row] for row in rows] if form == "quoted" else rows
    text = ("\r\n" if form == "crlf" else "\n").join(mark.join(row) for row in rows)
    (tmp_path / "a" / "list_attr_celeba.csv").write_bytes(("\ufeff" * (form == "bom") + text).encode())
    data = open_dataset(Source(str(tmp_path / "a")))
    assert data.attribute_names == ["Male", "Young"]
    assert data.attributes.tolist() == [[1, 0], [0, 0]]
    assert not any("passed over" in note for note in data.notes)  # the list is read


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("semi.csv", r"np\.save\('semi\.npy', np\.loadtxt\('semi\.csv'"),
        ("a.tar", "unpack it"),
        ("a.mat", r"np\.savez\('a\.npz'"),
        ("a.png", "pictures go into a folder"),
    ],
)
def test_files_of_other_kinds_are_told_the_way(tmp_path, name, way):
    (tmp_path / name).write_text("a;b\n1,5;2,5\n")
    with pytest.raises(GansmithError, match=rf"must be \.parquet, \.npy or \.npz.*{way}"):
        open_dataset(Source(str(tmp_path / name)))


def test_a_name_in_capitals_is_the_same_kind(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((4, 2)))
    (tmp_path / "a.npy").rename(tmp_path / "A.NPY")
    assert open_dataset(Source(str(tmp_path / "A.NPY"))).count == 4


def test_what_cannot_be_decoded_is_in_the_sheet(tmp_path, capsys, encode, pixels):
    for i, picture in enumerate(pixels):
        (tmp_path / f"{i:02d}.png").write_bytes(encode(picture)[: 60 if i < 2 else None])
    for limit, told in (("2", "left out: 2\n"), ("0", "left out: 2 among the 12 looked at\n")):
        assert main(["data", str(tmp_path), "--resident-limit", limit, "--workers", "0"]) == 0
        assert f"cannot be decoded, and {told}" in capsys.readouterr().out


def test_a_stream_looks_at_more_than_a_few_where_numbers_decide(tmp_path, monkeypatch):
    """Before, 64 pictures decided: one of 16 bits among many of 12 was cut to white."""
    from gansmith.data import undecoded

    monkeypatch.setattr(undecoded, "LOOKED", 2)
    for i in range(8):
        Image.fromarray(np.full((8, 8), 60000 if i == 1 else 4000, np.uint16)).save(tmp_path / f"{i}.png")
    data = open_dataset(Source(str(tmp_path), resident_limit=0.0))
    assert data.how.shades.spans["whole"] == (0, 65535)
    monkeypatch.setattr(undecoded, "SURE", 2)
    data = open_dataset(Source(str(tmp_path), resident_limit=0.0))
    assert data.how.shades.spans["whole"] == (0, 4095)
    assert any("2 of 8 pictures decide which numbers are black and white" in note for note in data.notes)
