"""gansmith reconstruct, from the command line."""

import json

TINY = ["--data", "digits", "--width", 4, "--latent", 2, "--batch", 4, "--steps", 2, "--evaluate-every", 0]


def test_it_prints_a_table_and_says_where_sheet_and_figures_are(command, here):
    assert command("train", "superres", "--adversarial", 0, "--out", "one", *TINY)[0] == 0
    code, out, err = command("reconstruct", "one", "--samples", 50, "--features", "raw", "--out", "sheet.png")
    assert (
        code == 0
        and err.startswith("gansmith: FID from 50 samples of 256 features")
        and out.splitlines()[-2:] == ["sheet.png", "sheet.json"]
    )
    stored = json.loads((here / "sheet.json").read_text())
    for title in ("PSNR, dB", "SSIM", "upper-band energy", "FID", "KID", "distance in features", "diversity"):
        assert title in out
    assert f"{stored['metrics']['psnr']:.4g}" in out and "50 samples against" in out
    assert (here / "sheet.png").exists()


def test_mistakes_exit_with_2(command, here):
    assert command("train", "dcgan", "--out", "one", *TINY)[0] == 0
    code, out, err = command("reconstruct", "one")
    assert code == 2 and out == "" and err.count("\n") == 1 and "neither answers pictures nor encodes them" in err
